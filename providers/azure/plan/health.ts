import { untold } from '../../../src/record/index.js';
import { keyOf, parentOf } from '../records/ids.js';
import { mayDeny } from './group.js';
import type { ApiRecord, Projection } from './project.js';
import { elementsOf, keyIn } from './recorded.js';

const configOf = (one: ApiRecord): string => keyIn(one, 'networkInterfaceIPConfigurationId');

/** Whether the program, or what goes in this run, may make a difference to whether a recorded machine answers the probes of a rule. */
function isTouched(projection: Projection, ruleId: string, configId: string): boolean {
  const { account } = projection;
  const nic = account?.record(parentOf(configId));
  if (!account || !nic) return true;
  const near = [parentOf(configId), keyIn(nic.virtualMachine)];
  const refs = account.refs(parentOf(configId)).filter((id) => id !== parentOf(ruleId));
  const around = [
    ...near,
    ...refs,
    ...refs.flatMap((id) => (parentOf(id) === parentOf(ruleId) ? [] : account.refs(id))),
  ];
  return around.some((id) => projection.changes(id)) || projection.replaces(parentOf(ruleId));
}

/**
 * What the probes of a rule find. A machine that is to be made will answer them, where no rule keeps these out; what was found of one
 * that is there holds as long as nothing around it changes.
 * @param members the configurations behind the rule of which the program tells
 */
export function answerHealth(projection: Projection, ruleId: string, members: readonly string[]): void {
  const found = elementsOf(projection.there('probeHealth', keyOf(ruleId)), 'loadBalancerBackendAddresses').map((one) =>
    one === untold || !isTouched(projection, keyOf(ruleId), configOf(one)) ? one : { ...one, state: untold },
  );
  const isFresh = (id: string) => !projection.account?.record(parentOf(id)) || projection.changes(parentOf(id));
  const stays = found.filter((one) => one === untold || !members.includes(configOf(one)) || !isFresh(configOf(one)));
  const told = new Set(stays.map((one) => (one === untold ? '' : configOf(one))));
  const left = members.filter((id) => !told.has(id));
  const isProbed = !mayDeny(projection);
  if (stays.length === 0 && (left.length === 0 || !isProbed)) return;
  if (isProbed && left.length > 0) projection.assumed.add('machines behind a load balancer answer its probes');
  projection.answer('probeHealth', {
    loadBalancingRule: ruleId,
    loadBalancerBackendAddresses: [
      ...stays,
      ...left.map((id) => ({ networkInterfaceIPConfigurationId: id, state: isProbed ? 'Up' : untold })),
    ],
  });
}

/** The same of balancers that the program leaves alone: it may change what their machines answer. */
export function answerHealthLeft(projection: Projection): void {
  const told = new Set((projection.answers.get('probeHealth') ?? []).map((one) => keyIn(one, 'loadBalancingRule')));
  for (const ruleId of projection.base?.all('probeHealth').keys() ?? [])
    if (!told.has(ruleId)) answerHealth(projection, ruleId, []);
}
