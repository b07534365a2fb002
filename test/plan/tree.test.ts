import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Opaque, Reference, snapshot, Unknown } from '../../src/plan/tree.js';
import { runs } from '../support/runs.js';

const SENTINELS = [
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  '030794c1-ac77-496b-92df-f27374a8bd58',
  'e48ece36-62e2-4504-bad9-02848725956a',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
];
const [, , TEXT = ''] = SENTINELS;
const SIGNATURE = '4dabf18193072939515e22adb298388d';

const later = new Unknown('until deployed');
const secret = new Unknown('secret');
const unreadable = new Unknown('unreadable');

/** As the policy SDK hands out properties: whoever gets one that is unknown is thrown out. This one throws at every get. */
function guarded<T extends object>(properties: T): T {
  return new Proxy(properties, {
    get(_, key) {
      throw new Error(`a get of ${String(key)}`);
    },
  });
}

describe('the properties of a resource', () => {
  test('are read without getting one', () => {
    const rule = {
      fromPort: 22,
      toPort: 22,
      protocol: 'tcp',
      cidrBlocks: [TEXT, '10.0.0.0/8'],
      self: true,
      note: null,
    };
    const read = snapshot(guarded({ ingress: [rule], vpcId: TEXT, tags: {} }));
    expect(read).toEqual({
      ingress: [{ ...rule, cidrBlocks: [later, '10.0.0.0/8'] }],
      vpcId: later,
      tags: {},
    });
  });

  test('that are a getter are not run', () => {
    const get = () => {
      throw new Error('run');
    };
    expect(snapshot(Object.defineProperty({ a: 1 }, 'b', { get, enumerable: true }))).toEqual({ a: 1, b: null });
  });

  test.each(SENTINELS)('may be unknown: %s', (sentinel) => {
    expect(snapshot({ whole: sentinel, part: `x${sentinel}` })).toEqual({ whole: later, part: `x${sentinel}` });
  });

  test('of Pulumi itself are left out, at every depth', () => {
    expect(snapshot({ __defaults: [], ingress: [{ __defaults: ['self'], fromPort: 22 }] })).toEqual({
      ingress: [{ fromPort: 22 }],
    });
  });

  test('may have the names of members that every object has', () => {
    const read = snapshot(JSON.parse('{"__proto__":{"a":1},"constructor":"x","hasOwnProperty":1}'));
    expect(Object.entries(read ?? {})).toEqual([
      ['constructor', 'x'],
      ['hasOwnProperty', 1],
    ]);
  });

  test('that are of no use are told', () => {
    const odd = { f: () => 1, s: Symbol('s'), n: 1n, u: undefined };
    expect(snapshot(odd)).toEqual({ f: unreadable, s: unreadable, n: unreadable, u: null });
  });

  test('that are files', () => {
    const asset = { [SIGNATURE]: 'c44067f5952c0a294b673a41bacd8c17', text: 'hello' };
    const archive = { [SIGNATURE]: '0def7320c3a5731c473e5ecbe6d01bc7', path: './x' };
    const own = { __pulumiAsset: true, path: '/etc/passwd' };
    expect(snapshot([asset, archive, own])).toEqual([new Opaque(), new Opaque(), new Opaque()]);
  });

  test('that are secrets, as a state and as a preview writes them', () => {
    const sealed = { [SIGNATURE]: '1b47061264138c4ac30d75fd1eb44270', ciphertext: 'v1:abc' };
    const shown = { [SIGNATURE]: '1b47061264138c4ac30d75fd1eb44270', plaintext: '["0.0.0.0/0"]' };
    const odd = { [SIGNATURE]: '1b47061264138c4ac30d75fd1eb44270', plaintext: '["0.0' };
    expect(snapshot([sealed, shown, odd, '[secret]', '[secret] not'])).toEqual([
      secret,
      ['0.0.0.0/0'],
      secret,
      secret,
      '[secret] not',
    ]);
  });

  test('that are other resources', () => {
    const one = { [SIGNATURE]: '5cf8f73096256a8f31e491e813e4eb8e', urn: 'urn:x', id: 'sg-1' };
    const next = { [SIGNATURE]: '5cf8f73096256a8f31e491e813e4eb8e', urn: 'urn:x', id: '' };
    const planned = { [SIGNATURE]: '5cf8f73096256a8f31e491e813e4eb8e', urn: 'urn:x', id: TEXT };
    expect(snapshot([one, next, planned])).toEqual(['sg-1', new Reference('urn:x'), later]);
  });

  test('that are outputs', () => {
    const output = { [SIGNATURE]: 'd0e6a833031e9bbcd3f4e8bde6ca49a4', value: 'sg-1' };
    const unknown = { [SIGNATURE]: 'd0e6a833031e9bbcd3f4e8bde6ca49a4', dependencies: ['urn:x'] };
    expect(snapshot([output, unknown])).toEqual(['sg-1', later]);
  });

  test('that stand for what nobody knows', () => {
    expect(snapshot({ a: { [SIGNATURE]: 'another' } })).toEqual({ a: unreadable });
  });

  test('are not read where there are too many, or they have no end', () => {
    const endless: Record<string, unknown> = {};
    endless.own = endless;
    expect(snapshot(endless)).toBeUndefined();
    expect(snapshot(Array.from({ length: 200_001 }, () => 0))).toBeUndefined();
    expect(snapshot(Array.from({ length: 10_000 }, () => 0))).toHaveLength(10_000);
  });

  test('are otherwise what they were', () => {
    const json = fc.jsonValue({ maxDepth: 6 }).filter((value) => !JSON.stringify(value).includes('__'));
    fc.assert(
      fc.property(json, (value) => {
        expect(snapshot(value)).toEqual(value);
      }),
      runs(300),
    );
  });
});
