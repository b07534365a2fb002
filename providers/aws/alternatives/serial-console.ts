import type { ResourceRef } from '../../../src/model/index.js';
import type { AlternativeWay, SubjectReason } from '../../../src/provider.js';
import { instanceRef } from '../instance-state.js';
import type { Scope } from '../inventory.js';
import { type Network, resource } from '../network.js';
import { argument, awsCommand } from '../repair/command.js';
import type { AwsTarget } from '../target-index.js';

/** Families of the Xen generation; every later one is Nitro (EC2 guide, instance types). */
const xenTypes = /^(?:[cmr][1-3]|[cm]4|r4|t[12]|cc[12]|cg1|cr1|d2|f1|g[23]s?|h1|hi1|hs1|i[23]|p[23]|x1e?)\.(?!metal)/;

function commandFor({ InstanceId: id, region }: AwsTarget['instance']): string {
  const push = awsCommand(region, 'ec2-instance-connect send-serial-console-ssh-public-key', {
    'instance-id': id,
    'serial-port': '0',
    'ssh-public-key': 'file://~/.ssh/id_ed25519.pub',
  });
  if (region === undefined || /^(?:cn|us-gov)-/.test(region)) return push;
  return `${push} && ssh ${argument(`${id}.port0@serial-console.ec2-instance-connect.${region}.aws`)}`;
}

/** Whether the account of an instance forbids the serial console in its region, as far as every answer that may be about it says so. */
function isForbidden(network: Network, { account, region }: Scope): boolean {
  const same = (one?: string, other?: string) => one === undefined || other === undefined || one === other;
  const told = [...network.inventory.all('serialConsole').values()].filter(
    (one) => same(one.account, account) && same(one.region, region),
  );
  return told.length > 0 && told.every(({ enabled }) => enabled === false);
}

function disabled({ account, region }: Scope, instance: ResourceRef): SubjectReason {
  const component = account === undefined ? instance : resource('account', account);
  return { reason: { code: 'aws/serial-console-disabled', data: { region: region ?? 'its region' } }, component };
}

/**
 * The serial console of a running Nitro instance, where its account allows it. Whether a user has a password is in no
 * recorded answer.
 */
export function serialConsoleWays(network: Network, { instance }: AwsTarget): AlternativeWay[] {
  if (xenTypes.test(instance.InstanceType ?? '')) return [];
  const way = { kind: 'serial-console', command: commandFor(instance) };
  const state = instance.State?.Name ?? 'running';
  const component = instanceRef(instance);
  const reasons: SubjectReason[] = [
    ...(state === 'running' ? [] : [{ reason: { code: 'aws/inst-not-running', data: { state } }, component }]),
    ...(isForbidden(network, instance) ? [disabled(instance, component)] : []),
  ];
  return reasons.length === 0
    ? [{ ...way, works: 'unknown', reasons, symptom: 'cannot-tell' }]
    : [{ ...way, works: 'no', reasons, symptom: 'closed' }];
}
