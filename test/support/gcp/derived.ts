import type { SubjectAnswer } from './documents.js';
import { type JsonRecord, QUESTIONS } from './kinds.js';
import { effectivePolicies, type PolicySpec } from './policies.js';
import { peeringRoute, recordsIn, subnetRoute } from './records.js';
import { nameIn, projectIn } from './urls.js';

/** The routes that Google makes of each network's own subnets and of those of its active peers. */
export function subnetRoutes(networks: readonly JsonRecord[], subnets: readonly JsonRecord[]): readonly JsonRecord[] {
  const subnetsOf = (network: unknown): readonly JsonRecord[] => subnets.filter((s) => s.network === network);
  return networks.flatMap((network) => {
    const own = subnetsOf(network.selfLink).map((subnet) => subnetRoute(subnet, network));
    const peers = recordsIn(network.peerings).filter((peering) => peering.state === 'ACTIVE');
    const theirs = peers.flatMap((p) => subnetsOf(p.network).map((subnet) => peeringRoute(subnet, network, p)));
    return [...own, ...theirs];
  });
}

interface Firewalls {
  readonly networks: readonly JsonRecord[];
  readonly subnets: readonly JsonRecord[];
  readonly rules: readonly JsonRecord[];
  readonly policies: readonly PolicySpec[];
}

/** The effective rules of each network, and of each region in which it has a subnet. */
export function effectiveAnswers({ networks, subnets, rules, policies }: Firewalls): readonly SubjectAnswer[] {
  return networks.flatMap((network) => {
    const firewalls = rules.filter((rule) => rule.network === network.selfLink);
    const own = subnets.filter((subnet) => subnet.network === network.selfLink);
    const regions = [...new Set(own.map((subnet) => nameIn(subnet.region)))];
    const subject = { project: projectIn(network.selfLink), network: network.name };
    const inRegions = regions.map((region) => ({
      operation: QUESTIONS.regionFirewalls,
      subject: { ...subject, region },
      body: { firewalls, firewallPolicys: effectivePolicies(policies, { network, region }) },
    }));
    const body = { firewalls, firewallPolicys: effectivePolicies(policies, { network }) };
    return [{ operation: QUESTIONS.networkFirewalls, subject, body }, ...inRegions];
  });
}
