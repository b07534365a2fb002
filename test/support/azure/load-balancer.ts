import type { Fixture } from './fixture.js';
import { ipConfigId, networkId, ref } from './ids.js';
import type { JsonRecord } from './kinds.js';
import { child, propertiesOf, recordsIn, resource } from './records.js';

const ID = networkId('loadBalancers', 'lb1');
const FRONTEND = ref(`${ID}/frontendIPConfigurations/front`);
const POOL = ref(`${ID}/backendAddressPools/pool1`);

/** The members of pool1 by the names of their interfaces, and what else the balancer has. */
export interface BalancerSpec {
  readonly members?: readonly string[];
  readonly natRules?: readonly JsonRecord[];
  readonly rules?: readonly JsonRecord[];
  readonly probe?: JsonRecord;
  readonly frontend?: JsonRecord;
  readonly sku?: 'Standard' | 'Basic';
  readonly adminState?: 'None' | 'Up' | 'Down';
}

/** The public load balancer lb1 on 20.4.4.4. */
export function balancer(f: Fixture, of: BalancerSpec): Fixture {
  const { members = [], natRules = [], rules = [], sku = 'Standard' } = of;
  f.addPublicIp('ipLb', '20.4.4.4');
  if (sku === 'Basic') f.basicIp('ipLb');
  for (const nic of members) f.ipConfig(nic, { loadBalancerBackendAddressPools: [POOL] });
  for (const rule of natRules) attach(f, rule);
  const probe = { protocol: 'Tcp', port: 22, intervalInSeconds: 5, numberOfProbes: 1, probeThreshold: 1, ...of.probe };
  const properties = {
    frontendIPConfigurations: [
      child(FRONTEND.id, {
        privateIPAllocationMethod: 'Dynamic',
        publicIPAddress: ref(networkId('publicIPAddresses', 'ipLb')),
        ...of.frontend,
      }),
    ],
    backendAddressPools: [pool(members, of.adminState)],
    loadBalancingRules: rules,
    probes: rules.length === 0 ? [] : [child(`${ID}/probes/probe1`, probe)],
    inboundNatRules: natRules,
    inboundNatPools: [],
    outboundRules: [],
  };
  return f.add('loadBalancers', resource(ID, properties, { sku: { name: sku, tier: 'Regional' } }));
}

/** ssh0: from port 50001 to port 22 of nicA, unless said. */
export function natRule(properties: JsonRecord = {}): JsonRecord {
  return child(`${ID}/inboundNatRules/ssh0`, {
    frontendIPConfiguration: FRONTEND,
    backendIPConfiguration: ref(ipConfigId('nicA')),
    protocol: 'Tcp',
    frontendPort: 50001,
    backendPort: 22,
    idleTimeoutInMinutes: 4,
    enableFloatingIP: false,
    enableTcpReset: false,
    ...properties,
  });
}

/** ssh0 of version 2: a port of this range for each member of pool1. */
export function natRange(first: number, last: number): JsonRecord {
  return natRule({
    backendIPConfiguration: undefined,
    backendAddressPool: POOL,
    frontendPort: 0,
    frontendPortRangeStart: first,
    frontendPortRangeEnd: last,
  });
}

/** The port of ssh0 that the member was given, or none. */
export function portMapping(f: Fixture, nic: string, frontendPort?: number): Fixture {
  const subject = { backendAddressPool: POOL.id, ipConfiguration: ref(ipConfigId(nic)) };
  const mapping = { inboundNatRuleName: 'ssh0', protocol: 'Tcp', frontendPort: frontendPort ?? 0, backendPort: 22 };
  const inboundNatRulePortMappings = frontendPort === undefined ? [] : [mapping];
  return f.answer('natRulePortMapping', subject, { inboundNatRulePortMappings });
}

/** ssh: from port 22 to port 22 of pool1, behind probe1. */
export function balancingRule(): JsonRecord {
  return child(`${ID}/loadBalancingRules/ssh`, {
    frontendIPConfiguration: FRONTEND,
    backendAddressPool: POOL,
    backendAddressPools: [POOL],
    probe: ref(`${ID}/probes/probe1`),
    protocol: 'Tcp',
    frontendPort: 22,
    backendPort: 22,
    idleTimeoutInMinutes: 4,
    loadDistribution: 'Default',
    enableFloatingIP: false,
    enableTcpReset: false,
    disableOutboundSnat: true,
  });
}

/** What Azure says of the probes of ssh: the same of each member. */
export function health(f: Fixture, state: 'Up' | 'Down', ...nics: readonly string[]): Fixture {
  const loadBalancerBackendAddresses = nics.map((nic) => {
    const [config = {}] = recordsIn(propertiesOf(f.record('networkInterfaces', nic)).ipConfigurations);
    return {
      ipAddress: propertiesOf(config).privateIPAddress,
      networkInterfaceIPConfigurationId: ipConfigId(nic),
      state,
      reason: state === 'Up' ? 'Up_Probe_Success' : 'Down_Probe_TcpProbeTimeout',
    };
  });
  const counts = { up: state === 'Up' ? nics.length : 0, down: state === 'Up' ? 0 : nics.length };
  const subject = { loadBalancingRule: `${ID}/loadBalancingRules/ssh` };
  return f.answer('loadBalancerHealth', subject, { ...counts, loadBalancerBackendAddresses });
}

function pool(members: readonly string[], adminState: string | undefined): JsonRecord {
  const addresses = members.map((nic) => ({
    name: `rg_${nic}ipconfig1`,
    properties: { networkInterfaceIPConfiguration: ref(ipConfigId(nic)), adminState },
  }));
  return child(POOL.id, {
    backendIPConfigurations: members.map((nic) => ref(ipConfigId(nic))),
    loadBalancerBackendAddresses: addresses,
  });
}

/** The interface names the NAT rules of version 1 that lead to it. */
function attach(f: Fixture, rule: JsonRecord): void {
  const { backendIPConfiguration } = propertiesOf(rule);
  if (backendIPConfiguration !== undefined) f.ipConfig('nicA', { loadBalancerInboundNatRules: [ref(String(rule.id))] });
}
