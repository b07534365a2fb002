import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { untold } from '../../../src/record/index.js';
import { withDestinations } from './destination.js';
import type { ApiRecord, Projection } from './project.js';
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

function ruleOf(projection: Projection, record: PlanRecord, network: string): ApiRecord | undefined {
  const { leaves, isAsKnown } = projection;
  const field = (name: string) => projection.value(record, name);
  const fields = new RuleFields(projection, { record, at: '', field });
  const allowed = fields.layer4(field('allows'), 'protocol');
  const denied = fields.layer4(field('denies'), 'protocol');
  const rule = {
    name: projection.origin(projection.label(record), record),
    network,
    priority: leaves.number(field('priority')),
    direction: fields.word('direction'),
    disabled: leaves.flag(field('disabled')),
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
  return projection
    .partsOf(network, ['Firewall', 'network'])
    .map((record) => ruleOf(projection, record, network))
    .filter((rule) => rule !== undefined);
}
