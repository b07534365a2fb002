import { describe, expect, test } from '@jest/globals';
import type { ProviderAdapter, Scene, Signed } from './adapter.js';
import {
  allow,
  audited,
  CLIENT,
  CLIENT_V6,
  cannotTell,
  causesOf,
  connects,
  deny,
  explained,
  OFFICE,
  reachableFrom,
  recordedBy,
  STRANGER,
  seen,
  stopsAt,
  WORLD,
  WORLD_V6,
} from './asking.js';

interface Case {
  readonly name: string;
  readonly scene: Scene;
  /** The client unless said. */
  readonly from?: string;
  /** Machine 0 by its name unless said. */
  readonly target?: string;
  readonly port?: number;
  /** What stops it, in packet order; nothing does unless said. */
  readonly stops?: readonly Signed[];
  /** Of a closed way: a silent one unless said. */
  readonly symptom?: string;
}

/** What is open and what is closed, why, and with which exit code. */
export function verdicts(adapter: ProviderAdapter): void {
  const { causes, neighbour, peer } = adapter;
  const asked = adapter.machine(0);
  const open: Scene = { rules: [allow(WORLD)] };
  const inside = [allow(neighbour.prefix), allow(`${neighbour.address}/32`)];

  const cases: readonly Case[] = [
    { name: 'a rule for the world', scene: open },
    { name: 'a rule for the world, asked at the public address', scene: open, target: asked.publicAddress },
    { name: 'a rule for the world, asked by the internet', scene: open, from: 'internet' },
    { name: 'no rule', scene: {}, stops: [causes.noRule] },
    { name: 'a rule for another port', scene: { rules: [allow(WORLD, '443')] }, stops: [causes.noRule] },
    { name: 'a range of ports around it', scene: { rules: [allow(WORLD, '20-25')] } },
    { name: 'a range that ends at it', scene: { rules: [allow(WORLD, '1-22')] } },
    { name: 'a range that ends before it', scene: { rules: [allow(WORLD, '1-21')] }, stops: [causes.noRule] },
    { name: 'a range that begins after it', scene: { rules: [allow(WORLD, '23-65535')] }, stops: [causes.noRule] },
    { name: 'another asked port', scene: open, port: 2222, stops: [causes.noRule] },
    { name: 'another asked port that is open', scene: { rules: [allow(WORLD, '2222')] }, port: 2222 },
    { name: 'a rule for the source', scene: { rules: [allow(OFFICE)] } },
    { name: 'a rule for another source', scene: { rules: [allow(OFFICE)] }, from: STRANGER, stops: [causes.noRule] },
    { name: 'a rule for the address before', scene: { rules: [allow('93.184.216.6/32')] }, stops: [causes.noRule] },
    { name: 'a rule for the address after', scene: { rules: [allow('93.184.216.8/32')] }, stops: [causes.noRule] },
    { name: 'a denial that is stronger', scene: { rules: [deny(OFFICE), allow(WORLD)] }, stops: [causes.denied] },
    { name: 'a denial that is weaker', scene: { rules: [allow(OFFICE), deny(WORLD)] } },
    { name: 'a denial of another source', scene: { rules: [deny(OFFICE), allow(WORLD)] }, from: STRANGER },
    { name: 'a denial of another port', scene: { rules: [deny(WORLD, '443'), allow(WORLD)] } },
    { name: 'a stopped machine', scene: { ...open, state: 'stopped' }, stops: [causes.stopped] },
    { name: 'no public address', scene: { ...open, publicAddress: false }, stops: [causes.noPublicAddress] },
    {
      name: 'the private address, asked by the internet',
      scene: open,
      target: asked.address,
      stops: [causes.privateFromInternet],
    },
    { name: 'no route back', scene: { ...open, wayBack: false }, stops: [causes.noWayBack] },
    {
      name: 'no route back to the internet, asked inside',
      scene: { rules: inside, wayBack: false },
      from: neighbour.name,
    },
    { name: 'the neighbour, by its name', scene: { rules: inside }, from: neighbour.name },
    { name: 'the neighbour, by its id', scene: { rules: inside }, from: neighbour.id },
    { name: 'the neighbour, by its address', scene: { rules: inside }, from: neighbour.address },
    {
      name: 'the neighbour, at the private address',
      scene: { rules: inside },
      from: neighbour.name,
      target: asked.address,
    },
    {
      name: 'the neighbour, without a public address',
      scene: { rules: inside, publicAddress: false },
      from: neighbour.name,
    },
    {
      name: 'the neighbour, without a rule',
      scene: {},
      target: asked.address,
      from: neighbour.name,
      stops: [causes.noRuleInside],
    },
    {
      name: 'the neighbour, which may not send',
      scene: { rules: inside, neighbourSends: false },
      target: asked.address,
      from: neighbour.name,
      stops: [causes.senderClosed],
    },
    {
      name: 'a joined network',
      scene: { rules: [allow(peer.prefix), allow(`${peer.address}/32`)], other: 'joined' },
      from: peer.name,
    },
    {
      name: 'a joined network, without a rule',
      scene: { other: 'joined' },
      target: asked.address,
      from: peer.name,
      stops: [causes.noRuleInside],
    },
    {
      name: 'a network that is not joined',
      scene: { rules: [allow('10.0.0.0/8')], other: 'apart' },
      target: asked.address,
      from: peer.name,
      stops: [causes.notJoined],
    },
    { name: 'IPv6 with a rule of its own', scene: { rules: [allow(WORLD_V6)], ipv6: true }, from: CLIENT_V6 },
    {
      name: 'IPv6 with a rule for IPv4',
      scene: { rules: [allow(WORLD)], ipv6: true },
      from: CLIENT_V6,
      stops: [causes.noRuleV6],
    },
    { name: 'IPv4 with a rule for IPv6', scene: { rules: [allow(WORLD_V6)], ipv6: true }, stops: [causes.noRule] },
    {
      name: 'IPv6 to the name of a machine without',
      scene: { rules: [allow(WORLD), allow(WORLD_V6)] },
      from: CLIENT_V6,
      stops: [causes.noIpv6],
      symptom: adapter.symptomWithoutIpv6,
    },
    {
      name: 'IPv6 to an IPv4 address',
      scene: open,
      target: asked.publicAddress,
      from: CLIENT_V6,
      stops: [causes.noIpv6],
      symptom: 'net-unreachable',
    },
  ];

  describe('a verdict', () => {
    test.each(cases)('$name', ({ scene, from = CLIENT, target = asked.name, port, stops, symptom }) => {
      const answer = explained(recordedBy(adapter, scene), target, from, port);
      expect(seen(answer)).toEqual(stops ? { ...stopsAt(...stops), ...(symptom && { symptom }) } : connects);
      const [report] = answer.report?.targets ?? [];
      expect(report?.target).toMatchObject({ id: asked.id, name: asked.name });
      expect(report?.findings.flatMap(({ missing }) => missing)).toEqual([]);
    });

    test('several causes stand in packet order, all of them', () => {
      const documents = recordedBy(adapter, { state: 'stopped', wayBack: false });
      const { causes: found } = seen(explained(documents, asked.name, CLIENT));
      expect(found).toEqual([causes.stopped, causes.noRule, causes.noWayBack]);
    });

    test('a prefix of which a part is open falls into pieces, exactly', () => {
      const documents = recordedBy(adapter, { rules: [deny('93.184.216.64/26'), allow(OFFICE)] });
      const { exitCode, report } = explained(documents, asked.publicAddress, '93.184.216.0/23');
      expect(exitCode).toBe(3);
      const [target] = report?.targets ?? [];
      expect(target).toMatchObject({
        verdict: 'partial',
        reachableFrom: ['93.184.216.0/26', '93.184.216.128/25'],
        partialFrom: [],
        unknownFrom: [],
      });
      const pieces = target?.findings.map(({ verdict, from }) => `${verdict} ${from.join(' ')}`) ?? [];
      expect(pieces[0]).toBe('reachable 93.184.216.0/26 93.184.216.128/25');
      const closed = pieces.slice(1).flatMap((piece) => piece.split(' ').slice(1));
      expect(closed.toSorted()).toEqual(['93.184.216.64/26', '93.184.217.0/24']);
    });

    describe.each(['undocumented', 'inherited'] as const)('of a state that nobody documents (%s)', (state) => {
      test('is unknown where the rules are open', () => {
        const documents = recordedBy(adapter, { rules: [allow(WORLD)], state });
        const answer = explained(documents, asked.name, CLIENT);
        expect(seen(answer)).toMatchObject(cannotTell);
        expect(answer.report?.targets[0]?.findings.flatMap(({ missing }) => missing)).not.toEqual([]);
        const fates = audited(documents).get(asked.name);
        expect(fates).toMatchObject({ verdict: 'unknown', reachableFrom: [], partialFrom: [] });
      });

      test('is a plain no where something else stops it for certain', () => {
        const documents = recordedBy(adapter, { state });
        expect(seen(explained(documents, asked.name, CLIENT))).toEqual(stopsAt(causes.noRule));
      });
    });
  });

  describe('an audit', () => {
    test('flags what is open to the world', () => {
      const all = audited(recordedBy(adapter, open));
      expect(all.get(asked.name)).toMatchObject({ flags: ['world-open'], partialFrom: [], unknownFrom: [] });
      expect(all.get(neighbour.name)?.flags).toEqual([]);
    });

    test('flags IPv6 by itself', () => {
      const scene: Scene = { rules: [allow(WORLD_V6)], ipv6: true };
      const target = audited(recordedBy(adapter, scene)).get(asked.name);
      expect(target?.flags).toEqual(['world-open']);
      expect(reachableFrom(adapter, target).filter((prefix) => !prefix.includes(':'))).toEqual([]);
    });

    test.each<[string, Scene]>([
      ['almost the world', { rules: [deny('93.184.216.7/32'), allow(WORLD)] }],
      ['half of the world', { rules: [allow('0.0.0.0/1')] }],
      ['a stopped machine', { ...open, state: 'stopped' }],
      ['a machine without a public address', { ...open, publicAddress: false }],
      ['a machine without a route back', { ...open, wayBack: false }],
      ['another port', { rules: [allow(WORLD, '443')] }],
    ])('does not flag %s', (_, scene) => {
      expect(audited(recordedBy(adapter, scene)).get(asked.name)?.flags).toEqual([]);
    });

    test('finds nobody who reaches what is closed', () => {
      const target = audited(recordedBy(adapter, {})).get(asked.name);
      expect(reachableFrom(adapter, target)).toEqual([]);
      expect(target).toMatchObject({ partialFrom: [], unknownFrom: [] });
      // Of a machine that somebody reaches an audit tells who that is, and not why nobody else does.
      if (adapter.platform.length > 0) return;
      expect(target?.verdict).toBe('unreachable');
      expect(target && causesOf(target)).toContain(causes.noRule);
    });
  });
}
