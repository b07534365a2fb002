import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { nobodys, nthAddress } from '../../../src/plan/stand-in.js';
import type { Tree } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { keyOf, nameOf, parentOf } from '../records/ids.js';
import { skuOf, takeAddress } from './address.js';
import { isWord } from './group.js';
import { answerHealth, answerHealthLeft } from './health.js';
import { azureName, partId, partName } from './identity.js';
import { type ApiRecord, applianceBefore, elements, member, type Projection } from './project.js';
import { elementsOf, keyIn, textIn } from './recorded.js';

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

type Rules = readonly (WrittenRule | typeof untold)[];

/** One balancer, declared or recorded, while it is told in ARM's words. */
class Balancer {
  readonly id: string;
  readonly frontends: readonly (ApiRecord | typeof untold)[];
  private readonly projection: Projection;
  private readonly record: PlanRecord | undefined;
  private readonly there: ApiRecord | undefined;

  constructor(projection: Projection, id: string, record: PlanRecord | undefined) {
    this.projection = projection;
    this.record = record;
    this.id = id;
    this.there = projection.there('balancers', id);
    const inline = ['frontendIPConfigurations', 'frontendIpConfigurations'].flatMap((list) =>
      this.listed(list).map(({ at, item }, index) => this.frontendOf(at, item, index)),
    );
    this.frontends = inline.length > 0 ? inline : elementsOf(this.there, 'frontendIPConfigurations');
  }

  /** The elements of a list that the program gives. */
  private listed(list: string) {
    return this.record ? elements(this.projection, this.record, list) : [];
  }

  private frontendOf(at: string, item: Tree | typeof untold, index: number): ApiRecord {
    const { projection, record } = this;
    const name = partName(item === untold ? undefined : item, index);
    const id = partId(this.id, 'frontendIPConfigurations', name);
    const address = record && projection.reference(PIPS, record, `${at}.publicIPAddress.id`, `${at}.publicIpAddressId`);
    if (address) takeAddress(projection, address.id);
    const isInside =
      item !== untold && !address && member(item, 'subnet', 'subnetId', 'privateIPAddress', 'privateIpAddress');
    return {
      id,
      ...(address && { publicIPAddress: address }),
      ...(item !== untold && applianceBefore(item)),
      ...(isInside && { privateIPAddress: nthAddress(nobodys, 0, 0) }),
    };
  }

  /** The rules of a list, and those that are resources of their own. */
  private rules(list: string, part: string, name: string): Rules {
    const { projection } = this;
    const inline = this.listed(list).map(({ at, item }, index): WrittenRule | typeof untold => {
      if (item === untold || !this.record) return untold;
      const field = (...names: readonly string[]) => member(item, ...names);
      return { record: this.record, at: `${at}.`, id: partId(this.id, part, partName(item, index)), field };
    });
    const own = projection.partsOf(this.id, [name, 'loadBalancerName'], [name, 'loadbalancerId']).map(
      (rule): WrittenRule => ({
        record: rule,
        at: '',
        id: partId(this.id, part, nameOf(projection.view.links.identitiesOf(rule)[0]?.id ?? ruleName(rule))),
        field: (...names) => projection.value(rule, ...names),
      }),
    );
    return [...inline, ...own];
  }

  /** The recorded rules of a list that stay. */
  private left(list: string, rules: Rules): readonly (ApiRecord | typeof untold)[] {
    const given = this.record && this.projection.value(this.record, list);
    const names = rules.map((rule) => (rule === untold ? undefined : nameOf(rule.id)));
    return this.projection.untouched(this.there, list, given, names);
  }

  /** What stands in every rule. Where it does not tell its frontend, it is one of the balancer's. */
  private common({ record, at, id, field }: WrittenRule): ApiRecord {
    const { leaves } = this.projection;
    const named = leaves.text(field('frontendIpConfigurationName'));
    const frontend =
      typeof named === 'string'
        ? partId(this.id, 'frontendIPConfigurations', named)
        : this.projection.reference(FRONTENDS, record, `${at}frontendIPConfiguration.id`)?.id;
    const known = this.frontends.filter((one) => one !== untold);
    const own = known.find((one) => keyIn(one) === frontend);
    const isSure = own !== undefined || this.frontends.length === 1;
    const port = leaves.number(field('frontendPort', 'frontendPortRangeStart', 'frontendPortStart'));
    return {
      id,
      name: nameOf(id),
      frontendIPConfiguration: { id: (own ?? known[0])?.id ?? frontend ?? this.id },
      backendPort: leaves.number(field('backendPort')) ?? leaves.unknown,
      frontendPort: isSure ? (port ?? leaves.unknown) : (leaves.unknown ?? port),
    };
  }

  /** Every rule that leads to one machine. */
  natRules(): readonly unknown[] {
    const pools = this.poolRules();
    const hasUnknown = this.balancing().includes(untold) || this.hasUnknownPools();
    return [...this.singleRules(), ...pools, ...(hasUnknown ? this.unknownRules() : [])];
  }

  /** NAT rules with those behind them: of a rule for a pool each member has a port of its own. */
  private singleRules(): readonly unknown[] {
    const { projection } = this;
    const rules = this.rules('inboundNatRules', 'inboundNatRules', 'InboundNatRule');
    const written = rules.flatMap((rule): readonly ApiRecord[] => {
      if (rule === untold) return this.unknownRules();
      if (isWord(rule.field('protocol'), 'udp')) return [];
      const common = this.common(rule);
      const pool = projection.reference(
        POOLS,
        rule.record,
        `${rule.at}backendAddressPool.id`,
        `${rule.at}backendAddressPoolId`,
      );
      return [...this.behind(rule.id), ...(pool ? this.behind(pool.id) : [])].map((config) => ({
        ...common,
        backendIPConfiguration: { id: config },
      }));
    });
    return [...this.left('inboundNatRules', rules).flatMap((rule) => this.ruleThere(rule)), ...written];
  }

  /** A recorded NAT rule, for each of those of the program that it leads to. */
  private ruleThere(rule: ApiRecord | typeof untold): readonly unknown[] {
    if (rule === untold || rule.backendIPConfiguration !== undefined) return [rule];
    const behind = this.behind(keyIn(rule));
    return behind.length === 0 ? [rule] : behind.map((id) => ({ ...rule, backendIPConfiguration: { id } }));
  }

  private behind(id: string): readonly string[] {
    return this.projection.behind.get(id) ?? [];
  }

  /** What Azure makes of a NAT pool: a rule for each machine of the scale set. */
  private poolRules(): readonly ApiRecord[] {
    return this.rules('inboundNatPools', 'inboundNatPools', 'NatPool').flatMap((rule): readonly ApiRecord[] => {
      if (rule === untold) return this.unknownRules();
      if (isWord(rule.field('protocol'), 'udp')) return [];
      const common = this.common(rule);
      const id = partId(this.id, 'inboundNatRules', `${nameOf(rule.id)}.0`);
      return this.behind(rule.id).map((config) => ({
        ...common,
        id,
        name: nameOf(id),
        backendIPConfiguration: { id: config },
      }));
    });
  }

  /** Whether somebody is in a NAT pool that only a recording could show: it does not tell its ports. */
  private hasUnknownPools(): boolean {
    const shown = this.rules('inboundNatPools', 'inboundNatPools', 'NatPool');
    const known = new Set(shown.map((rule) => (rule === untold ? undefined : rule.id)));
    return [...this.projection.behind.keys()].some(
      (id) => parentOf(id) === this.id && id.split('/').at(-2) === 'inboundnatpools' && !known.has(id),
    );
  }

  private balancing(): Rules {
    return this.rules('loadBalancingRules', 'loadBalancingRules', 'Rule');
  }

  balancingRules(): readonly (ApiRecord | typeof untold)[] {
    const rules = this.balancing();
    const written = rules.flatMap((rule): readonly ApiRecord[] => {
      if (rule === untold || isWord(rule.field('protocol'), 'udp')) return [];
      const { view } = this.projection;
      const slots = view.links
        .of(rule.record)
        .filter(({ slot, path }) => slot.kind === 'pool' && path.startsWith(rule.at));
      const pools = [...new Set(slots.flatMap(({ path }) => view.refs(rule.record, path).ids))];
      return [{ ...this.common(rule), backendAddressPools: pools.map((id) => ({ id })) }];
    });
    return [...this.left('loadBalancingRules', rules), ...written];
  }

  /** Whoever is behind the balancer may be behind a rule that nobody knows. */
  private unknownRules(): readonly ApiRecord[] {
    const behind = [...this.projection.behind].flatMap(([id, configs]) => (parentOf(id) === this.id ? configs : []));
    const [frontend] = this.frontends;
    return [...new Set(behind)].map((config) => ({
      id: partId(this.id, 'inboundNatRules', '?'),
      name: '?',
      frontendIPConfiguration: { id: (frontend === untold ? undefined : frontend?.id) ?? this.id },
      backendIPConfiguration: { id: config },
      frontendPort: untold,
      backendPort: untold,
    }));
  }
}

const ruleName = (rule: PlanRecord): string => azureName(rule) ?? rule.name;

/** Remembers who is behind the balancers of the program and is none of its own. */
function rememberThere(projection: Projection): void {
  const { base, behind, answers } = projection;
  const ours = projection.all('LoadBalancer').map((record) => projection.id(record, 'lb'));
  const balancers = new Set([...ours, ...projection.joinedThere('lb')]);
  if (!base || balancers.size === 0) return;
  for (const kind of ['interfaces', 'scaleSetInterfaces'] as const) {
    const told = new Set((answers.get(kind) ?? []).map((one) => keyIn(one)));
    for (const [nic, { ipConfigurations = [] }] of base.all(kind)) {
      if (told.has(nic)) continue;
      for (const config of ipConfigurations) {
        const own = [...(config.loadBalancerBackendAddressPools ?? []), ...(config.loadBalancerInboundNatRules ?? [])];
        for (const id of own.flatMap((one) => (one.id === undefined ? [] : keyOf(one.id))))
          if (balancers.has(parentOf(id))) behind.set(id, [...(behind.get(id) ?? []), keyOf(config.id ?? '')]);
      }
    }
  }
}

/** The load balancers, with the rules that lead to the machines behind them; to be called when all of those are known. */
export function projectBalancers(projection: Projection): void {
  rememberThere(projection);
  for (const record of projection.all('LoadBalancer'))
    answerBalancer(projection, new Balancer(projection, projection.id(record, 'lb'), record), {
      name: record.name,
      sku: skuOf(
        projection,
        projection.value(record, 'sku'),
        projection.there('balancers', projection.id(record, 'lb')),
      ),
    });
  const used = [...projection.joinedThere('lb'), ...[...projection.behind.keys()].map(parentOf)];
  for (const id of new Set(used))
    if (projection.describers(id).length === 0 && projection.there('balancers', id))
      answerBalancer(projection, new Balancer(projection, id, undefined), {});
  answerHealthLeft(projection);
}

function answerBalancer(projection: Projection, balancer: Balancer, fields: ApiRecord): void {
  const balancing = balancer.balancingRules();
  projection.answer('balancers', {
    id: balancer.id,
    ...fields,
    frontendIPConfigurations: balancer.frontends,
    inboundNatRules: balancer.natRules(),
    loadBalancingRules: balancing,
  });
  for (const rule of balancing)
    if (rule !== untold) answerHealth(projection, textIn(rule, 'id'), membersOf(projection, rule));
}

/** The machines to which a rule sends. */
function membersOf(projection: Projection, rule: ApiRecord): readonly string[] {
  const pools = [rule.backendAddressPool, ...(Array.isArray(rule.backendAddressPools) ? rule.backendAddressPools : [])];
  const ids = pools.map((pool: Tree | undefined) => below(pool, 'id'));
  return ids.flatMap((id) => (typeof id === 'string' ? (projection.behind.get(keyOf(id)) ?? []) : []));
}
