import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { AsRead, untold } from '../../../src/record/index.js';
import { projectOf } from '../records/names.js';
import type { Firewall } from '../records/records.js';
import { recordedWithDestinations, withDestinations } from './destination.js';
import { linkOf } from './identity.js';
import { type ApiRecord, type Projection, straysOf } from './project.js';
import { RuleFields } from './rule.js';

/** The classic rules that a project gets with its default network (VPC docs, pre-populated rules). */
export function initialRules(network: string): readonly ApiRecord[] {
  const rule = (name: string, allowed: readonly ApiRecord[], sourceRanges: readonly string[]): ApiRecord => {
    return { name: `default-allow-${name}`, network, priority: 65534, direction: 'INGRESS', allowed, sourceRanges };
  };
  const anyone = ['0.0.0.0/0'];
  const inside = [{ IPProtocol: 'tcp' }, { IPProtocol: 'udp' }, { IPProtocol: 'icmp' }];
  return [
    rule('internal', inside, ['10.128.0.0/9']),
    rule('ssh', [{ IPProtocol: 'tcp', ports: ['22'] }], anyone),
    rule('rdp', [{ IPProtocol: 'tcp', ports: ['3389'] }], anyone),
    rule('icmp', [{ IPProtocol: 'icmp' }], anyone),
  ];
}

function ruleOf(projection: Projection, record: PlanRecord, network: string, isSure = true): ApiRecord | undefined {
  const { leaves, isAsKnown } = projection;
  const field = (name: string) => projection.value(record, name);
  const fields = new RuleFields(projection, { record, at: '', field });
  const allowed = fields.layer4(field('allows'), 'protocol');
  const denied = fields.layer4(field('denies'), 'protocol');
  const rule = {
    name: projection.origin(projection.label(record), record),
    selfLink: projection.selfLink(record),
    network,
    priority: leaves.number(field('priority')),
    direction: fields.word('direction'),
    disabled: isSure ? leaves.flag(field('disabled')) : untold,
    // One that is declared without either does nothing that anybody can tell.
    ...(allowed === undefined && denied === undefined ? { allowed: untold } : { allowed, denied }),
    sourceRanges: fields.list('sourceRanges'),
    destinationRanges: withDestinations(projection, network, fields.list('destinationRanges')),
    sourceTags: fields.list('sourceTags'),
    sourceServiceAccounts: fields.refs('sourceServiceAccounts'),
    targetTags: fields.list('targetTags'),
    targetServiceAccounts: fields.refs('targetServiceAccounts'),
  };
  const isEmpty = allowed === undefined && denied === undefined;
  return !isAsKnown && (fields.isLost || isEmpty) ? undefined : rule;
}

/** The classic rules that the deployment declares for a network. */
export function classicRulesOf(projection: Projection, network: string): readonly ApiRecord[] {
  const own = projection.partsOf(network, ['Firewall', 'network']);
  // One of nobody knows which network may be one of any that was recorded.
  const strays =
    projection.isRecorded(network) && projection.isAsKnown ? straysOf(projection, 'Firewall', 'network') : [];
  return [
    ...own.map((record) => ruleOf(projection, record, network)),
    ...strays.filter((one) => !own.includes(one)).map((record) => ruleOf(projection, record, network, false)),
  ].filter((rule) => rule !== undefined);
}

/** The rules in a list of all, where nothing tells them by network. */
export function projectFirewallList(projection: Projection): void {
  for (const record of projection.base ? projection.all('Firewall') : [])
    for (const network of projection.refs(record, 'network').ids) {
      const rule = ruleOf(projection, record, network);
      if (rule) projection.answer('firewall', rule);
    }
}

/** The recorded rules that stay in front of a network, beside those that the deployment declares for it. */
export function firewallsOver(
  projection: Projection,
  network: string,
  recorded: readonly Firewall[],
): readonly (ApiRecord | AsRead)[] {
  const scope = `projects/${projectOf(network)}/global/firewalls/`;
  const gone = new Set(projection.view.links.former.map(linkOf));
  const stays = ({ name }: Firewall) => {
    const path = `${scope}${name}`;
    return !gone.has(path) && projection.describer(path, 'Firewall') === undefined;
  };
  const kept = recorded
    .filter(stays)
    .map((rule) => new AsRead(recordedWithDestinations(projection, network, rule, 'destinationRanges')));
  return [...kept, ...classicRulesOf(projection, network)];
}
