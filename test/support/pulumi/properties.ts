import { Struct } from 'google-protobuf/google/protobuf/struct_pb.js';
import { Unknown } from '../../../src/plan/tree.js';

export type Properties = Readonly<Record<string, unknown>>;

/** What stands for an unknown value on the wire: the one for texts, which SDKs send for every type. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

const SIGNATURE = '4dabf18193072939515e22adb298388d';
const REFERENCE = '5cf8f73096256a8f31e491e813e4eb8e';
const OUTPUT = 'd0e6a833031e9bbcd3f4e8bde6ca49a4';

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Properties as the wire takes them: an `Unknown` becomes its text, what is undefined is left out. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(wired(properties) as Parameters<typeof Struct.fromJavaScript>[0]);
}

export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

function wired(value: unknown): unknown {
  if (value instanceof Unknown) return UNKNOWN;
  if (Array.isArray(value)) return value.map(wired);
  return isObject(value) ? mapped(value, wired) : value;
}

function mapped(object: Properties, change: (value: unknown) => unknown): Properties {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => (value === undefined ? [] : [[key, change(value)]])),
  );
}

/**
 * Properties as the engine hands what a program sent on to a pack: a whole resource is its id, an output its value, and keys of
 * Pulumi's own are gone at the top (sdk/go/common/resource/plugin/rpc.go, without KeepResources and KeepOutputValues).
 */
export function asEngineSends(properties: Properties): Properties {
  const own = Object.entries(properties).filter(([key]) => !key.startsWith('__'));
  return mapped(Object.fromEntries(own), unwrapped);
}

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === REFERENCE) return value.id === '' ? UNKNOWN : (value.id ?? value.urn);
  if (value[SIGNATURE] === OUTPUT) return 'value' in value ? unwrapped(value.value) : UNKNOWN;
  return mapped(value, unwrapped);
}

/**
 * Properties with something unknown at a path where nothing is yet. `subnets.*.id` is the id of every subnet that is there; where
 * there are none, `subnets` is unknown.
 */
export function withUnknown(properties: Properties, path: string): Properties {
  return filled(properties, path.split('.')) as Properties;
}

function filled(value: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return value ?? UNKNOWN;
  if (value === undefined || value === null) return UNKNOWN;
  if (Array.isArray(value))
    return value.map((one, index) => (first === '*' || first === String(index) ? filled(one, rest) : one));
  return isObject(value) ? { ...value, [first]: filled(value[first], rest) } : value;
}
