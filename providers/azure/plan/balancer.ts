import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { nobodys, nthAddress } from '../../../src/plan/stand-in.js';
import type { Tree } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { nameOf, parentOf } from '../records/ids.js';
import { skuOf } from './address.js';
import { isWord, mayDeny } from './group.js';
import { partId, partName } from './identity.js';
import { type ApiRecord, elements, member, type Projection } from './project.js';

const PIPS = 'Microsoft.Network/publicIPAddresses';
const FRONTENDS = 'Microsoft.Network/loadBalancers/?/frontendIPConfigurations';
const POOLS = 'Microsoft.Network/loadBalancers/?/backendAddressPools';

/** A rule of a balancer, inline or as a resource. */
interface WrittenRule {
  readonly record: PlanRecord;
  /** `inboundNatRules[0].`; empty where the resource is the rule. */
  readonly at: string;
  readonly id: string;
  readonly field: (...names: readonly string[]) => Tree | undefined;
}

/** One balancer, while it is told in ARM's words. */
class Balancer {
  readonly id: string;
  readonly frontends: readonly ApiRecord[];
  private readonly projection: Projection;
  private readonly record: PlanRecord;

  constructor(projection: Projection, record: PlanRecord) {
    this.projection = projection;
    this.record = record;
    this.id = projection.id(record, 'lb');
    this.frontends = ['frontendIPConfigurations', 'frontendIpConfigurations'].flatMap((list) =>
      elements(projection, record, list).map(({ at, item }, index) => this.frontendOf(at, item, index)),
    );
  }

  private frontendOf(at: string, item: Tree | typeof untold, index: number): ApiRecord {
    const name = partName(item === untold ? undefined : item, index);
    const id = partId(this.id, 'frontendIPConfigurations', name);
    const address = this.projection.reference(PIPS, this.record, `${at}.publicIPAddress.id`, `${at}.publicIpAddressId`);
    const isInside =
      item !== untold && !address && member(item, 'subnet', 'subnetId', 'privateIPAddress', 'privateIpAddress');
    return {
      id,
      ...(address && { publicIPAddress: address }),
      ...(isInside && { privateIPAddress: nthAddress(nobodys, 0, 0) }),
    };
  }

  /** The rules of a list, and those that are resources of their own. */
  rules(list: string, part: string, name: string): readonly (WrittenRule | typeof untold)[] {
    const { projection, record } = this;
    const inline = elements(projection, record, list).map(({ at, item }, index): WrittenRule | typeof untold => {
      if (item === untold) return untold;
      const field = (...names: readonly string[]) => member(item, ...names);
      return { record, at: `${at}.`, id: partId(this.id, part, partName(item, index)), field };
    });
    const own = projection.partsOf(this.id, [name, 'loadBalancerName'], [name, 'loadbalancerId']).map(
      (rule): WrittenRule => ({
        record: rule,
        at: '',
        id: partId(this.id, part, nameOf(projection.view.links.identitiesOf(rule)[0]?.id ?? rule.name)),
        field: (...names) => projection.value(rule, ...names),
      }),
    );
    return [...inline, ...own];
  }

  /** What stands in every rule. Where it does not tell its frontend, it is one of the balancer's. */
  private common({ record, at, id, field }: WrittenRule): ApiRecord {
    const { leaves } = this.projection;
    const named = leaves.text(field('frontendIpConfigurationName'));
    const frontend =
      typeof named === 'string'
        ? partId(this.id, 'frontendIPConfigurations', named)
        : this.projection.reference(FRONTENDS, record, `${at}frontendIPConfiguration.id`)?.id;
    const own = this.frontends.find((one) => one.id === frontend);
    const isSure = own !== undefined || this.frontends.length === 1;
    const port = leaves.number(field('frontendPort', 'frontendPortRangeStart', 'frontendPortStart'));
    return {
      id,
      name: nameOf(id),
      frontendIPConfiguration: { id: (own ?? this.frontends[0])?.id ?? frontend ?? this.id },
      backendPort: leaves.number(field('backendPort')) ?? leaves.unknown,
      frontendPort: isSure ? (port ?? leaves.unknown) : (leaves.unknown ?? port),
    };
  }

  /** NAT rules with those behind them: of a rule for a pool each member has a port of its own. */
  natRules(): readonly ApiRecord[] {
    const { projection } = this;
    return this.rules('inboundNatRules', 'inboundNatRules', 'InboundNatRule').flatMap((rule): readonly ApiRecord[] => {
      if (rule === untold) return this.unknownRules();
      if (isWord(rule.field('protocol'), 'udp')) return [];
      const common = this.common(rule);
      const pool = projection.reference(
        POOLS,
        rule.record,
        `${rule.at}backendAddressPool.id`,
        `${rule.at}backendAddressPoolId`,
      );
      const behind = [
        ...(projection.behind.get(rule.id) ?? []),
        ...(pool ? (projection.behind.get(pool.id) ?? []) : []),
      ];
      return behind.map((config) => ({ ...common, backendIPConfiguration: { id: config } }));
    });
  }

  /** What Azure makes of a NAT pool: a rule for each machine of the scale set. */
  poolRules(): readonly ApiRecord[] {
    return this.rules('inboundNatPools', 'inboundNatPools', 'NatPool').flatMap((rule): readonly ApiRecord[] => {
      if (rule === untold) return this.unknownRules();
      if (isWord(rule.field('protocol'), 'udp')) return [];
      const common = this.common(rule);
      const id = partId(this.id, 'inboundNatRules', `${nameOf(rule.id)}.0`);
      return (this.projection.behind.get(rule.id) ?? []).map((config) => ({
        ...common,
        id,
        name: nameOf(id),
        backendIPConfiguration: { id: config },
      }));
    });
  }

  balancingRules(): readonly ApiRecord[] {
    return this.rules('loadBalancingRules', 'loadBalancingRules', 'Rule').flatMap((rule): readonly ApiRecord[] => {
      if (rule === untold || isWord(rule.field('protocol'), 'udp')) return [];
      const { view } = this.projection;
      const slots = view.links
        .of(rule.record)
        .filter(({ slot, path }) => slot.kind === 'pool' && path.startsWith(rule.at));
      const pools = [...new Set(slots.flatMap(({ path }) => view.refs(rule.record, path).ids))];
      return [{ ...this.common(rule), backendAddressPools: pools.map((id) => ({ id })) }];
    });
  }

  hasUnknownBalancing(): boolean {
    return this.rules('loadBalancingRules', 'loadBalancingRules', 'Rule').includes(untold);
  }

  /** Whoever is behind the balancer may be behind a rule that nobody knows. */
  unknownRules(): readonly ApiRecord[] {
    const behind = [...this.projection.behind].flatMap(([id, configs]) => (parentOf(id) === this.id ? configs : []));
    return [...new Set(behind)].map((config) => ({
      id: partId(this.id, 'inboundNatRules', '?'),
      name: '?',
      frontendIPConfiguration: { id: this.frontends[0]?.id ?? this.id },
      backendIPConfiguration: { id: config },
      frontendPort: untold,
      backendPort: untold,
    }));
  }
}

/** The load balancers, with the rules that lead to the machines behind them; to be called when all of those are known. */
export function projectBalancers(projection: Projection): void {
  const isProbed = !mayDeny(projection);
  for (const record of projection.all('LoadBalancer')) {
    const balancer = new Balancer(projection, record);
    const balancing = balancer.balancingRules();
    projection.answer('balancers', {
      id: balancer.id,
      name: record.name,
      sku: skuOf(projection, projection.value(record, 'sku')),
      frontendIPConfigurations: balancer.frontends,
      inboundNatRules: [
        ...balancer.natRules(),
        ...balancer.poolRules(),
        ...(balancer.hasUnknownBalancing() ? balancer.unknownRules() : []),
      ],
      loadBalancingRules: balancing,
    });
    if (isProbed)
      for (const { id, backendAddressPools } of balancing) answerHealth(projection, id, backendAddressPools);
  }
}

/** A machine that is to be made will answer its probes, where no rule keeps these out. */
function answerHealth(projection: Projection, ruleId: unknown, pools: unknown): void {
  const ids = (Array.isArray(pools) ? pools : []).map((pool: Tree) => below(pool, 'id'));
  const members = ids.flatMap((id) => (typeof id === 'string' ? (projection.behind.get(id) ?? []) : []));
  if (members.length === 0) return;
  projection.assumed.add('machines behind a load balancer answer its probes');
  projection.answer('probeHealth', {
    loadBalancingRule: ruleId,
    loadBalancerBackendAddresses: members.map((id) => ({ networkInterfaceIPConfigurationId: id, state: 'Up' })),
  });
}
