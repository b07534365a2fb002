import { describe, expect, test } from '@jest/globals';
import type { RecordedDocument } from '../../src/evidence/index.js';
import { explain } from '../../src/index.js';
import { type Fixture, f0 } from '../support/gcp/fixture.js';
import { policyRule } from '../support/gcp/policies.js';
import { l4 } from '../support/gcp/records.js';
import { onPremises, tcpProxy, vm2, vm2InNet2 } from '../support/gcp/topology.js';
import { regionalUrl } from '../support/gcp/urls.js';
import { fetcher } from '../support/gcp-server/fetcher.js';

const gcp = fetcher();

type Value = Readonly<Record<string, unknown>> & {
  readonly port22: { readonly project: string; readonly operation: string };
};

const ADDRESS_GROUP = 'projects/p/locations/global/addressGroups/bad';
const TAG_RULE = policyRule('100 deny tcp:22', { srcSecureTags: [{ name: 'tagValues/1', state: 'EFFECTIVE' }] });
const GROUP_RULE = policyRule('100 deny tcp:22', { srcAddressGroups: [ADDRESS_GROUP] });

/** Documents by project, call and subject. */
function byCall(documents: readonly RecordedDocument[]): Map<string, unknown> {
  return new Map(
    documents.map(({ value }) => {
      const { port22, ...body } = value as Value;
      const subject = Object.entries(body).filter(([name, field]) => typeof field === 'string' && SUBJECT.has(name));
      return [[port22.project, port22.operation, ...subject.map(([, field]) => field)].join(' '), value];
    }),
  );
}

const SUBJECT = new Set(['network', 'region', 'zone', 'router', 'instanceGroup', 'backendService', 'group', 'parent']);

/** The verdict on `from` with everything that a user sees beside it. */
function verdict(documents: readonly RecordedDocument[], from = '198.51.100.7') {
  const { report, problems, exitCode } = explain({ documents }, { target: '203.0.113.10', from });
  const target = report?.targets[0];
  const codes = target?.findings.flatMap(({ causes, missing }) => [...causes, ...missing].map(({ code }) => code));
  return { exitCode, problems: problems.map(({ what }) => what), verdict: target?.verdict, codes };
}

describe('what is fetched is what was recorded', () => {
  test.each<[string, (f: Fixture) => unknown, from?: string]>([
    ['F0', () => {}],
    ['a denied classic rule', (f) => f.rule('deny', { denied: l4('tcp:22'), allowed: undefined, priority: 1 })],
    ['policies of all levels', (f) => f.policy({ type: 'HIERARCHY', name: 'top', rules: ['100 deny tcp:22'] })],
    [
      'a regional policy',
      (f) => f.policy({ type: 'NETWORK_REGIONAL', name: 'r', region: 'us-central1', rules: ['1 deny tcp'] }),
    ],
    ['two networks that are peers', (f) => vm2InNet2(f).peer('net1', 'net2'), '10.0.2.5'],
    ['a router', (f) => onPremises(f), '192.168.0.1'],
    [
      'a load balancer',
      (f) =>
        f.backendService('bs', ['vm1'], 'HEALTHY').forwardingRule('fr', {
          IPAddress: '203.0.113.80',
          ports: ['22'],
          backendService: regionalUrl('backendServices', 'bs'),
        }),
    ],
    ['a TCP proxy', (f) => tcpProxy(f, 'HEALTHY')],
    ['a policy-based route', (f) => f.policyBasedRoute('pbr', { nextHopIlbIp: '10.0.0.9' })],
    ['a denied list', (f) => f.denied('routes', 'compute.routes.list')],
    ['a denied effective call', (f) => f.denied('regionFirewalls', 'compute.networks.getRegionEffectiveFirewalls')],
    [
      'a source with secure tags',
      (f) => {
        vm2(f)
          .secureTags('vm1')
          .secureTags('vm2', 'tagValues/1')
          .policy({ type: 'NETWORK', name: 'pol', rules: [TAG_RULE] });
      },
      '10.0.0.5',
    ],
    ['gcp#146 a zone that was not reached', (f) => f.unreachable('instances', 'zones/us-central1-a')],
  ])('%s', async (_, build, from) => {
    const fixture = f0();
    build(fixture);
    const documents = fixture.documents('fetched');
    await gcp.serve({ documents });
    const fetched = await gcp.fetched();
    const wanted = byCall(documents);
    const found = byCall(fetched.documents);
    const missing = [...wanted.keys()].filter((call) => !found.has(call));
    expect(missing).toEqual([]);
    for (const [call, value] of found) if (wanted.has(call)) expect([call, value]).toEqual([call, wanted.get(call)]);
    expect(verdict(fetched.documents, from)).toEqual(verdict(documents, from));
  });
  void GROUP_RULE;
});
