import type { Path } from '../../src/model/index.js';
import type { Change, Cloud, Stop } from '../../src/provider.js';
import { argument, isIpv6, prefixesToAllow, quoted } from '../../src/record/index.js';
import type { AddressSet } from '../../src/set/index.js';
import { policyName } from './firewall-policy.js';
import { tcpPorts } from './firewall-terms.js';
import type { Inventory } from './inventory.js';
import type { Networks, Nic } from './network.js';
import { nameOf, pathOf, projectOf, zoneOf } from './records/names.js';
import type { EffectivePolicy, Firewall } from './records/records.js';
import { networkKey } from './records/subjects.js';
import type { GcpTarget } from './target-index.js';

/** What a change is made for. */
export interface Repair {
  readonly networks: Networks;
  readonly target: GcpTarget;
  readonly path: Path;
  readonly from: AddressSet;
  readonly port: number;
  readonly lower: (inventory: Inventory) => Cloud;
}

type Recipe = (repair: Repair, stop: Stop) => Change | undefined;
type Options = Readonly<Record<string, string | true>>;

/** A command of the gcloud CLI: words, and options with their values in the given order. */
function gcloud(words: string, options: Options): string {
  const parts = Object.entries(options).map(([name, value]) =>
    value === true ? `--${name}` : `--${name}=${argument(value)}`,
  );
  return ['gcloud', words, ...parts].join(' ');
}

function nicOf({ networks, target, path }: Repair): Nic | undefined {
  const nics = networks.nicsOf(target.path);
  return nics.find(({ name }) => name === path.interface?.id) ?? nics[0];
}

/** The options that say where a machine is. */
function placeOf({ path }: GcpTarget): Options {
  return { zone: zoneOf(path) ?? '', project: projectOf(path) ?? '' };
}

function instanceWith({ networks, target }: Repair, fields: Partial<GcpTarget['instance']>): Inventory {
  return networks.inventory.with('instances', target.path, { ...target.instance, ...fields });
}

/** One that Google suspended no command starts: its support has to be asked. One that is being suspended must have come to it. */
const startChange: Recipe = (repair) => {
  const { target, lower } = repair;
  const { status, startRestricted } = target.instance;
  if (startRestricted || status === 'SUSPENDING') return undefined;
  const verb = status === 'SUSPENDED' ? 'resume' : 'start';
  return {
    removes: '',
    command: gcloud(`compute instances ${verb} ${argument(target.instance.name)}`, placeOf(target)),
    pulumi: 'desiredStatus: "RUNNING"',
    after: lower(instanceWith(repair, { status: 'RUNNING' })),
  };
};

/** The classic rules of a network with one more, or one changed, wherever the evidence holds them. */
function withRule({ networks }: Repair, network: string, rule: Firewall): Inventory {
  const path = `projects/${projectOf(network)}/global/firewalls/${rule.name}`;
  let inventory = networks.inventory.with('firewalls', path, rule);
  for (const [key, answer] of networks.inventory.all('effectiveFirewalls')) {
    const others = (answer.firewalls ?? []).filter(({ name }) => name !== rule.name);
    const isOwn =
      key === networkKey(network) ||
      key.startsWith(`${network} `) ||
      answer.firewalls?.some((one) => pathOf(one.network) === network);
    if (isOwn) inventory = inventory.with('effectiveFirewalls', key, { ...answer, firewalls: [...others, rule] });
  }
  return inventory;
}

const priorityOf = ({ priority = 1000 }: Firewall) => priority;

/** A rule of its own for these clients: narrower than any that is there, and before the one that denies. */
function openingChange(repair: Repair, priority: number): Change | undefined {
  const { target, from, port, networks, lower } = repair;
  const nic = nicOf(repair);
  const prefixes = prefixesToAllow(from);
  if (!nic || !prefixes || priority < 0) return undefined;
  const families = [prefixes.filter((prefix) => !isIpv6(prefix)), prefixes.filter(isIpv6)];
  const ranges = families.find((one) => one.length > 0) ?? [];
  const [tag] = target.instance.tags?.items ?? [];
  const taken = new Set(everyRule(networks).map(({ name }) => name));
  const name = freeName(`allow-tcp-${port}-to-${target.instance.name}`, taken);
  const rule: Firewall = {
    name,
    selfLink: `https://www.googleapis.com/compute/v1/projects/${projectOf(nic.network)}/global/firewalls/${name}`,
    network: nic.network,
    priority,
    direction: 'INGRESS',
    allowed: [{ IPProtocol: 'tcp', ports: [String(port)] }],
    sourceRanges: ranges,
    ...(tag !== undefined && { targetTags: [tag] }),
  };
  const options: Options = {
    project: projectOf(nic.network) ?? '',
    network: nameOf(nic.network),
    direction: 'INGRESS',
    ...(priority !== 1000 && { priority: String(priority) }),
    allow: `tcp:${port}`,
    'source-ranges': ranges.join(','),
    ...(tag !== undefined && { 'target-tags': tag }),
  };
  const tags = tag === undefined ? '' : `, targetTags: [${quoted(tag)}]`;
  const notes = [
    ...(tag === undefined
      ? [`the rule is for every instance of ${nameOf(nic.network)}, since this one has no tag`]
      : []),
    ...(ranges.some((prefix) => prefix.endsWith('/0')) ? ['this opens the port to the whole world: prefer IAP'] : []),
  ];
  return {
    removes: '',
    command: gcloud(`compute firewall-rules create ${argument(name)}`, options),
    pulumi: `new gcp.compute.Firewall(${quoted(name)}, { network: ${quoted(nameOf(nic.network))}, allows: [{ protocol: "tcp", ports: [${quoted(String(port))}] }], sourceRanges: ${JSON.stringify(ranges)}${tags} });`,
    after: lower(withRule(repair, nic.network, rule)),
    ...(notes.length > 0 && { note: notes.join('; ') }),
  };
}

/** The classic rules, wherever the evidence holds them. */
function everyRule({ inventory }: Networks): readonly Firewall[] {
  return [
    ...inventory.all('firewalls').values(),
    ...[...inventory.all('effectiveFirewalls').values()].flatMap(({ firewalls }) => firewalls ?? []),
  ];
}

function ruleNamed({ networks }: Repair, name: string | undefined): Firewall | undefined {
  return everyRule(networks).find((rule) => rule.name === name);
}

/** A name that the API takes (RFC 1035, 63 characters) and that nothing has. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const plain = wanted.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  const base = plain.slice(0, 59).replace(/-+$/, '');
  const names = [
    plain.length > 63 ? base : plain.replace(/-+$/, ''),
    ...Array.from({ length: 99 }, (_, k) => `${base}-${k + 2}`),
  ];
  return names.find((name) => !taken.has(name)) ?? base;
}

/** Where a rule nearly lets the client in, the smallest change is to that rule or to the instance. */
const impliedChange: Recipe = (repair, stop) => {
  const { target, lower, networks } = repair;
  const { hint } = stop.reason;
  const rule = ruleNamed(repair, hint?.data.rule);
  const nic = nicOf(repair);
  if (rule && nic && hint?.code === 'gcp/fw-classic-disabled') {
    const command = gcloud(`compute firewall-rules update ${argument(rule.name)}`, {
      project: projectOf(nic.network) ?? '',
      'no-disabled': true,
    });
    return {
      removes: '',
      command,
      pulumi: 'disabled: false',
      after: lower(withRule(repair, nic.network, { ...rule, disabled: false })),
    };
  }
  const tag = hint?.code === 'gcp/fw-target-mismatch' ? rule?.targetTags?.[0] : undefined;
  if (tag !== undefined) {
    const tags = [...(target.instance.tags?.items ?? []), tag];
    return {
      removes: '',
      command: gcloud(`compute instances add-tags ${argument(target.instance.name)}`, {
        ...placeOf(target),
        tags: tag,
      }),
      pulumi: `tags: ${JSON.stringify(tags)}`,
      after: lower(instanceWith(repair, { tags: { items: tags } })),
      note: `every rule for the tag ${tag} is for the instance then`,
    };
  }
  // Among the denials that would meet the client, too, the new rule has to come first.
  const denials = everyRule(networks)
    .filter((one) => one.denied && !one.disabled && (one.direction ?? 'INGRESS') === 'INGRESS')
    .filter((one) => pathOf(one.network) === nic?.network && tcpPorts(one.denied ?? []).has(repair.port))
    .map(priorityOf);
  return openingChange(repair, Math.min(1000, ...denials.filter((priority) => priority > 0).map((one) => one - 1)));
};

const denyChange: Recipe = (repair, stop) => {
  const rule = ruleNamed(repair, stop.reason.data.rule);
  return rule && openingChange(repair, priorityOf(rule) - 1);
};

function policiesOf({ inventory }: Networks): readonly EffectivePolicy[] {
  return [...inventory.all('effectiveFirewalls').values()].flatMap(({ firewallPolicys }) => firewallPolicys ?? []);
}

/** The highest number before a rule that no other rule of the policy has: there they are unique. */
function freePriority(policy: EffectivePolicy | undefined, before: number): number | undefined {
  const taken = new Set((policy?.rules ?? []).map(({ priority }) => priority));
  let number = before - 1;
  while (number >= 0 && taken.has(number)) number -= 1;
  return number >= 0 ? number : undefined;
}

/** A rule of the policy that stands before the one that denies. Behind a hierarchical policy it only passes the decision on. */
const policyChange =
  (kind: 'hierarchical' | 'global' | 'regional'): Recipe =>
  (repair, stop) => {
    const { from, port, networks, lower } = repair;
    const nic = nicOf(repair);
    const prefixes = prefixesToAllow(from);
    const { policy, rule = '' } = stop.reason.data;
    const found = policiesOf(networks).find((one) => policyName(one) === policy);
    const priority = freePriority(found, Number(rule));
    if (!nic || !prefixes || policy === undefined || priority === undefined) return undefined;
    const action = kind === 'hierarchical' ? 'goto_next' : 'allow';
    const words = kind === 'hierarchical' ? 'firewall-policies' : 'network-firewall-policies';
    const where: Options =
      kind === 'hierarchical'
        ? /^\d+$/.test(policy)
          ? {}
          : { organization: 'ORGANIZATION_ID' }
        : kind === 'global'
          ? { 'global-firewall-policy': true, project: projectOf(nic.network) ?? '' }
          : { 'firewall-policy-region': nic.region ?? '', project: projectOf(nic.network) ?? '' };
    const command = gcloud(`compute ${words} rules create ${priority}`, {
      'firewall-policy': policy,
      ...where,
      direction: 'INGRESS',
      action,
      'src-ip-ranges': prefixes.join(','),
      'layer4-configs': `tcp:${port}`,
    });
    const added = {
      priority,
      action,
      direction: 'INGRESS',
      match: { srcIpRanges: prefixes, layer4Configs: [{ ipProtocol: 'tcp', ports: [String(port)] }] },
    };
    let inventory = networks.inventory;
    for (const [key, answer] of networks.inventory.all('effectiveFirewalls')) {
      const isNamed = (one: EffectivePolicy) => policyName(one) === policy;
      const policies = (answer.firewallPolicys ?? []).map((one) =>
        isNamed(one) ? { ...one, rules: [...(one.rules ?? []), added] } : one,
      );
      inventory = inventory.with('effectiveFirewalls', key, { ...answer, firewallPolicys: policies });
    }
    const type = {
      hierarchical: 'FirewallPolicyRule',
      global: 'NetworkFirewallPolicyRule',
      regional: 'RegionNetworkFirewallPolicyRule',
    }[kind];
    return {
      removes: '',
      command,
      pulumi: `new gcp.compute.${type}("ssh", { firewallPolicy: ${quoted(policy)}, priority: ${priority}, direction: "INGRESS", action: ${quoted(action)}, match: { srcIpRanges: ${JSON.stringify(prefixes)}, layer4Configs: [{ ipProtocol: "tcp", ports: [${quoted(String(port))}] }] } });`,
      after: lower(inventory),
      ...(kind === 'hierarchical' && {
        note: 'the policy belongs to the organisation or a folder; goto_next leaves the decision to the rules of the network',
      }),
    };
  };

const routeChange: Recipe = (repair) => {
  const { networks, lower, path } = repair;
  const nic = nicOf(repair);
  if (!nic || path.way.kind !== 'internet') return undefined;
  const destination = path.way.family === 4 ? '0.0.0.0/0' : '::/0';
  const project = projectOf(nic.network) ?? '';
  const taken = new Set([...networks.inventory.all('routes').values()].map((one) => one.name));
  const name = freeName(path.way.family === 4 ? 'default-internet' : 'default-internet-v6', taken);
  const gateway = `projects/${project}/global/gateways/default-internet-gateway`;
  const route = { name, network: nic.network, destRange: destination, priority: 1000, nextHopGateway: gateway };
  return {
    removes: '',
    command: gcloud(`compute routes create ${name}`, {
      project,
      network: nameOf(nic.network),
      'destination-range': destination,
      'next-hop-gateway': 'default-internet-gateway',
      priority: '1000',
    }),
    pulumi: `new gcp.compute.Route(${quoted(name)}, { network: ${quoted(nameOf(nic.network))}, destRange: ${quoted(destination)}, nextHopGateway: "default-internet-gateway" });`,
    after: lower(networks.inventory.with('routes', `projects/${project}/global/routes/${name}`, route)),
  };
};

const addressChange: Recipe = ({ target, path }) => ({
  removes: '',
  command: gcloud(`compute instances add-access-config ${argument(target.instance.name)}`, {
    ...placeOf(target),
    'network-interface': path.interface?.id ?? 'nic0',
  }),
  pulumi: 'accessConfigs: [{}]',
  // Which address it gets is not known before.
  after: null,
  note: 'gcloud compute ssh --tunnel-through-iap needs no external address',
});

/**
 * What no command of the project mends has no recipe: rules of Google services, appliances, sites, networks that are not
 * joined, what a client or a balancer is for.
 */
const recipes: Readonly<Record<string, Recipe>> = {
  'gcp/inst-stopped': startChange,
  'gcp/inst-suspended': startChange,
  'gcp/fw-implied-deny': impliedChange,
  'gcp/fw-classic-deny': denyChange,
  'gcp/fw-hier-deny': policyChange('hierarchical'),
  'gcp/fw-net-deny': policyChange('global'),
  'gcp/fw-reg-deny': policyChange('regional'),
  'gcp/rt-return-missing': routeChange,
  'gcp/nic-no-external-ip': addressChange,
};

/** The smallest change for each stop, in packet order. */
export function changesFor(repair: Repair, stops: readonly Stop[]): Change[] {
  return stops.flatMap((stop) => {
    const change = recipes[stop.reason.code]?.(repair, stop);
    return change ? [{ ...change, removes: stop.reason.code }] : [];
  });
}
