import type { AlternativeWay } from '../../src/provider.js';
import { argument } from '../../src/record/index.js';
import type { Networks } from './network.js';
import { groupOf, keyOf, nameOf, subscriptionOf } from './records/ids.js';
import { bastionPaths } from './service-path.js';
import type { AzureTarget } from './target-index.js';

/** A request for just-in-time access, where a policy has the machine (Defender for Cloud docs; the CLI only lists them). */
function jitWays(networks: Networks, target: AzureTarget): AlternativeWay[] {
  for (const [key, { id, virtualMachines }] of networks.inventory.all('jitPolicies')) {
    const machine = virtualMachines?.find((one) => one.id !== undefined && keyOf(one.id) === target.key);
    if (!machine) continue;
    const policy = id ?? key;
    const body = JSON.stringify({
      virtualMachines: [{ id: target.machine.id, ports: (machine.ports ?? []).map(({ number }) => ({ number })) }],
    });
    const command = `az rest --method post --uri ${argument(`${policy}/initiate?api-version=2020-01-01`)} --body ${argument(body)}`;
    return [{ kind: 'jit', command, works: 'unknown', reasons: [], symptom: 'times-out' }];
  }
  return [];
}

/** Other ways in than the network path: Azure Bastion, and a request for just-in-time access. */
export function alternativeWays(networks: Networks, target: AzureTarget, everyone: boolean): AlternativeWay[] {
  const paths = bastionPaths(networks, target, everyone);
  const id = target.machine.id;
  const bastion = [...networks.inventory.all('bastions').values()][0];
  const command = [
    'az network bastion ssh',
    `--subscription ${argument(subscriptionOf(id) ?? '')}`,
    `--resource-group ${argument(groupOf(bastion?.id ?? id) ?? '')}`,
    `--name ${argument(bastion?.name ?? nameOf(bastion?.id ?? ''))}`,
    `--target-resource-id ${argument(id)}`,
    `--auth-type ssh-key --username azureuser --ssh-key ~/.ssh/id_rsa`,
  ].join(' ');
  const ways: AlternativeWay[] =
    paths.length === 0 ? [] : [{ kind: 'bastion', command, paths, reasons: [], symptom: 'closed' }];
  return [...ways, ...jitWays(networks, target)];
}
