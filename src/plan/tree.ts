/** A value that is not known before the deployment, that a recording hides, or that cannot be read. */
export class Unknown {
  readonly why: 'until deployed' | 'secret' | 'unreadable';

  constructor(why: Unknown['why']) {
    this.why = why;
  }
}

/** A whole resource where its id is wanted: one of the same deployment, whose id is not known yet. */
export class Reference {
  readonly urn: string;

  constructor(urn: string) {
    this.urn = urn;
  }
}

/** A file or an archive, whose content decides nothing. */
export class Opaque {
  readonly kind = 'file';
}

/** A property of a resource: what JSON can hold, with the above at any depth. */
export type Tree = string | number | boolean | null | Unknown | Reference | Opaque | readonly Tree[] | Branch;

export interface Branch {
  readonly [key: string]: Tree;
}

export function isBranch(tree: Tree | undefined): tree is Branch {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return false;
  return !(tree instanceof Unknown || tree instanceof Reference || tree instanceof Opaque);
}

/**
 * The texts that stand for values that are not known yet, by the type of the property: boolean, number, string, list, asset,
 * archive, object (Pulumi, sdk/go/common/resource/plugin/rpc.go).
 */
const sentinels: ReadonlySet<unknown> = new Set([
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  '030794c1-ac77-496b-92df-f27374a8bd58',
  'e48ece36-62e2-4504-bad9-02848725956a',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
]);

/** The key by which an object says that it stands for something else, and what it may say (sdk/go/common/resource/sig). */
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const signatures: ReadonlyMap<unknown, 'file' | 'secret' | 'resource' | 'output'> = new Map([
  ['c44067f5952c0a294b673a41bacd8c17', 'file'],
  ['0def7320c3a5731c473e5ecbe6d01bc7', 'file'],
  ['1b47061264138c4ac30d75fd1eb44270', 'secret'],
  ['5cf8f73096256a8f31e491e813e4eb8e', 'resource'],
  ['d0e6a833031e9bbcd3f4e8bde6ca49a4', 'output'],
]);

/** What `pulumi preview --json` and `pulumi policy analyze` write for what they may not show. */
const HIDDEN = '[secret]';

/** Levels, and values of one resource; more than that is no resource that anybody wrote. */
const DEEPEST = 32;
const MOST = 200_000;

/**
 * Copies the properties of a resource without ever getting one: in a policy pack, a get of an unknown value throws, and Pulumi makes
 * an advisory note of that and lets the deployment pass. Keys that begin with `__` are Pulumi's own and left out.
 * @returns undefined for what is nested too deep or too large to be read
 */
export function snapshot(value: unknown): Tree | undefined {
  const reader = new Snapshot();
  const tree = reader.read(value, 0);
  return reader.isOver ? undefined : tree;
}

class Snapshot {
  isOver = false;
  private count = 0;

  read(value: unknown, depth: number): Tree {
    this.count += 1;
    if (depth > DEEPEST || this.count > MOST) this.isOver = true;
    if (this.isOver) return new Unknown('unreadable');
    if (sentinels.has(value)) return new Unknown('until deployed');
    if (value === HIDDEN) return new Unknown('secret');
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    if (value === null || value === undefined) return null;
    if (typeof value !== 'object') return new Unknown('unreadable');
    return Array.isArray(value) ? this.list(value, depth) : this.object(value, depth);
  }

  private list(list: readonly unknown[], depth: number): Tree {
    const items: Tree[] = [];
    for (let index = 0; index < lengthOf(list) && !this.isOver; index += 1)
      items.push(this.read(member(list, String(index)), depth + 1));
    return items;
  }

  private object(object: object, depth: number): Tree {
    if (isFile(object)) return new Opaque();
    const stands = signatures.get(member(object, SIGNATURE));
    if (stands !== undefined) return this.special(object, stands, depth);
    if (Object.hasOwn(object, SIGNATURE)) return new Unknown('unreadable');
    const copy: Record<string, Tree> = {};
    for (const key of Object.keys(object)) {
      if (key.startsWith('__')) continue;
      if (this.isOver) break;
      Object.defineProperty(copy, key, { value: this.read(member(object, key), depth + 1), enumerable: true });
    }
    return copy;
  }

  private special(object: object, stands: 'file' | 'secret' | 'resource' | 'output', depth: number): Tree {
    switch (stands) {
      case 'file':
        return new Opaque();
      case 'secret':
        return this.plaintext(member(object, 'plaintext'), depth);
      case 'resource': {
        const id = member(object, 'id');
        if (id !== undefined && id !== '') return this.read(id, depth + 1);
        const urn = member(object, 'urn');
        return typeof urn === 'string' ? new Reference(urn) : new Unknown('unreadable');
      }
      case 'output': {
        const value = member(object, 'value');
        return value === undefined ? new Unknown('until deployed') : this.read(value, depth + 1);
      }
    }
  }

  /** A secret that was exported with --show-secrets stands there as JSON. */
  private plaintext(text: unknown, depth: number): Tree {
    if (typeof text !== 'string') return new Unknown('secret');
    try {
      return this.read(JSON.parse(text), depth + 1);
    } catch {
      return new Unknown('secret');
    }
  }
}

/** The value of an own member that no getter and no trap sees; undefined where there is none. */
function member(object: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

/** An asset or an archive of Pulumi's SDK. */
function isFile(object: object): boolean {
  return member(object, '__pulumiAsset') === true || member(object, '__pulumiArchive') === true;
}

function lengthOf(list: readonly unknown[]): number {
  return Number(member(list, 'length'));
}
