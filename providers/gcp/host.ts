import type { HostView } from '../../src/provider.js';
import { canonical } from '../../src/set/index.js';
import { forwardingsTo } from './load-balancer.js';
import { externalIpv4, externalIpv6, type Networks } from './network.js';
import type { GcpTarget } from './target-index.js';

type Because = HostView['reasons'][number];

/** The interface that has the dialled address, where it is not the first one. */
function laterInterface(networks: Networks, target: GcpTarget, address: string): Because[] {
  const wanted = canonical(address);
  const nic = networks
    .nicsOf(target.path)
    .find(({ record }) =>
      [record.networkIP, record.ipv6Address, externalIpv4(record), externalIpv6(record)].some(
        (one) => one !== undefined && canonical(one) === wanted,
      ),
    );
  if (!nic || nic.index === 0) return [];
  return [
    { reason: { code: 'gcp/host-multinic-asymmetry', data: { interface: nic.name } }, component: target.resource },
  ];
}

/** A balancer whose probes fail sends all the same, as a last resort; what they tell of the machine is worth saying. */
function failingProbes(networks: Networks, target: GcpTarget, address: string): Because[] {
  return forwardingsTo(networks, target).flatMap(({ rule, service, backend }): Because[] => {
    if (rule.IPAddress !== address || !service || typeof backend.subject === 'string') return [];
    const health = [...networks.inventory.all('backendHealth').values()].flatMap(
      ({ healthStatus }) => healthStatus ?? [],
    );
    const own = health.find(({ instance }) => instance?.endsWith(target.path));
    if (own?.healthState === undefined || own.healthState === 'HEALTHY') return [];
    return [{ reason: { code: 'gcp/lb-unhealthy', data: {} }, component: backend.subject }];
  });
}

/** What the evidence tells of the machine behind the network path. */
export function hostView(networks: Networks, target: GcpTarget, address: string | null): HostView {
  const { status } = target.instance;
  const stopping: Because[] =
    status === 'PENDING_STOP' ? [{ reason: { code: 'gcp/host-stopping', data: {} }, component: target.resource }] : [];
  const reasons = [
    ...stopping,
    ...(address === null ? [] : laterInterface(networks, target, address)),
    ...(address === null ? [] : failingProbes(networks, target, address)),
  ];
  if (reasons.length === 0) return { verdict: 'unknown', symptom: 'cannot-tell', reasons };
  return { verdict: 'risk', symptom: 'times-out', reasons };
}
