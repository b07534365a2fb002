import type { AlternativeWay, SubjectReason } from '../../../src/provider.js';
import { instanceRef } from '../instance-state.js';
import type { Network } from '../network.js';
import { awsCommand } from '../repair/command.js';
import type { AwsTarget } from '../target-index.js';

function verdictOf(
  network: Network,
  target: AwsTarget,
): Pick<AlternativeWay, 'works' | 'symptom'> & { reason?: SubjectReason['reason'] } {
  const { instance } = target;
  const state = instance.State?.Name;
  if (state !== undefined && state !== 'running') {
    return { works: 'no', symptom: 'closed', reason: { code: 'aws/inst-not-running', data: { state } } };
  }
  const agent = network.inventory.get('managedInstances', instance.InstanceId);
  const offline = (words: string) => ({ code: 'aws/ssm-offline', data: { state: words } });
  switch (agent?.PingStatus) {
    case 'Online':
      return { works: 'yes', symptom: 'connects' };
    case 'ConnectionLost':
    case 'Inactive':
      return { works: 'no', symptom: 'closed', reason: offline(agent.PingStatus) };
    default:
      if (agent || network.gap('managedInstances', instance)) return { works: 'unknown', symptom: 'cannot-tell' };
      return { works: 'no', symptom: 'closed', reason: offline('not registered') };
  }
}

/** Session Manager needs no way in: the agent on the instance holds a connection to the service. */
export function sessionManagerWay(network: Network, target: AwsTarget): AlternativeWay {
  const { InstanceId: id, region } = target.instance;
  const { works, symptom, reason } = verdictOf(network, target);
  return {
    kind: 'ssm',
    command: awsCommand(region, 'ssm start-session', { target: id }),
    ...(works && { works }),
    reasons: reason ? [{ reason, component: instanceRef(target.instance) }] : [],
    symptom,
  };
}
