import type { AlternativeWay } from '../../src/provider.js';
import { instanceRef } from './instance-state.js';
import { argument, awsCommand } from './repair-command.js';
import type { AwsTarget } from './target-index.js';

/** Families of the Xen generation; every later one is Nitro (EC2 guide, instance types). */
const xenTypes = /^(?:[cmr][1-3]|[cm]4|r4|t[12]|cc[12]|cg1|cr1|d2|f1|g[23]s?|h1|hi1|hs1|i[23]|p[23]|x1e?)\.(?!metal)/;

function commandFor({ instance }: AwsTarget): string {
  const { InstanceId: id, region } = instance;
  const push = awsCommand(region, 'ec2-instance-connect send-serial-console-ssh-public-key', {
    'instance-id': id,
    'serial-port': '0',
    'ssh-public-key': 'file://~/.ssh/id_ed25519.pub',
  });
  if (region === undefined || /^(?:cn|us-gov)-/.test(region)) return push;
  return `${push} && ssh ${argument(`${id}.port0@serial-console.ec2-instance-connect.${region}.aws`)}`;
}

/**
 * The serial console of a running Nitro instance. Whether the account allows it, and whether a user has a password, is in no
 * recorded answer.
 */
export function serialConsoleWays(target: AwsTarget): AlternativeWay[] {
  const { instance } = target;
  if (xenTypes.test(instance.InstanceType ?? '')) return [];
  const way = { kind: 'serial-console', command: commandFor(target) };
  const state = instance.State?.Name;
  if (state === undefined || state === 'running')
    return [{ ...way, works: 'unknown', reasons: [], symptom: 'cannot-tell' }];
  const reason = { code: 'aws/inst-not-running', data: { state } };
  return [{ ...way, works: 'no', reasons: [{ reason, component: instanceRef(instance) }], symptom: 'closed' }];
}
