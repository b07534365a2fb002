import type { Address } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { type JsonObject, jsonObjects, objectsField, textField, textsField } from './json.js';
import { linesOf, wordsOf } from './lines.js';
import { outputOf, type Reading } from './reading.js';
import { writtenAddress } from './source.js';

/** An address of the machine. */
export interface OwnAddress {
  readonly address: Address;
  readonly prefixLength: number;
  readonly device: string;
  /** `global`, `link`, `host`. */
  readonly scope: string;
  /** Whether the device is switched on and has a carrier: without both nobody is answered there. */
  readonly isUp: boolean;
  /** Not in use yet, or never: the address is being looked for, or another machine has it. */
  readonly isTentative: boolean;
}

/** The addresses of the machine, by `ip -j addr`, or by `ip addr` where that has no JSON. */
export function ownAddresses(bundle: Bundle): Reading<readonly OwnAddress[]> {
  const json = outputOf(bundle, 'addresses');
  const devices = 'value' in json ? jsonObjects(json.value) : undefined;
  if (devices) return { value: devices.flatMap(jsonAddresses) };
  const text = outputOf(bundle, 'addresses-text');
  if ('value' in text) return { value: textAddresses(text.value) };
  return { unknown: 'unknown' in json ? json.unknown : 'addresses: not the JSON of ip' };
}

function jsonAddresses(device: JsonObject): readonly OwnAddress[] {
  const name = textField(device, 'ifname');
  const flags = textsField(device, 'flags');
  if (name === undefined) return [];
  return objectsField(device, 'addr_info').flatMap((info): OwnAddress[] => {
    const address = writtenAddress(textField(info, 'local') ?? '');
    if (!address) return [];
    const scope = textField(info, 'scope') ?? 'global';
    const isTentative = ['tentative', 'dadfailed'].some((word) => info[word] === true);
    return [{ address, prefixLength: Number(info.prefixlen), device: name, scope, isUp: isUp(flags), isTentative }];
  });
}

/** UP is what the owner wants, LOWER_UP what the cable says (ip-address(8)). Loopback has always both when it is up. */
function isUp(flags: readonly string[]): boolean {
  return flags.includes('UP') && !flags.includes('NO-CARRIER');
}

const deviceLine = /^\d{1,9}: ([^\s:@]{1,64})(?:@[^\s:]{1,64})?: <([^>]{0,512})>/;

function textAddresses(text: string): readonly OwnAddress[] {
  let device = '';
  let flags: readonly string[] = [];
  return linesOf(text).flatMap((line): OwnAddress[] => {
    const [, name, list = ''] = deviceLine.exec(line) ?? [];
    if (name !== undefined) [device, flags] = [name, list.split(',')];
    const [kind, written = '', ...rest] = wordsOf(line.slice(0, 1024));
    const [address, length] = [writtenAddress(written.split('/')[0] ?? ''), written.split('/')[1]];
    if ((kind !== 'inet' && kind !== 'inet6') || !address || device === '') return [];
    const scope = rest[rest.indexOf('scope') + 1] ?? 'global';
    const isTentative = rest.includes('tentative') || rest.includes('dadfailed');
    const prefixLength = Number(length ?? (address.family === 4 ? 32 : 128));
    return [{ address, prefixLength, device, scope, isUp: isUp(flags), isTentative }];
  });
}
