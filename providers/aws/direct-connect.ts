import { type Gap, known, type RuleFilter, unknown } from '../../src/model/index.js';
import { AddressSet, PortSet } from '../../src/set/index.js';
import type { Scope } from './inventory.js';
import type { Network } from './network.js';
import type { VirtualInterface } from './records/records.js';

/** The virtual interfaces that end at a gateway: a virtual private gateway, or a Direct Connect gateway. */
export function virtualInterfacesAt(network: Network, gatewayId: string): readonly VirtualInterface[] {
  return [...network.inventory.all('virtualInterfaces').values()].filter(
    (one) => one.virtualGatewayId === gatewayId || one.directConnectGatewayId === gatewayId,
  );
}

/** Why it is not known what Direct Connect does at a gateway. */
export function directConnectGap(network: Network, gatewayId: string, scope: Scope): Gap {
  const detail = `whether a Direct Connect circuit behind ${gatewayId} is up, and whom it serves, is not in the evidence`;
  return (
    network.gap('virtualInterfaces', scope) ?? { code: 'aws/ev-dx', kind: 'not-collected', what: gatewayId, detail }
  );
}

/** Whom Direct Connect serves at a gateway: surely `announced` where an interface is up, perhaps anybody otherwise. */
export function directConnectFilter(
  network: Network,
  gatewayId: string,
  scope: Scope,
  announced: AddressSet,
): RuleFilter {
  const gap = directConnectGap(network, gatewayId, scope);
  const up = virtualInterfacesAt(network, gatewayId).some(
    ({ virtualInterfaceState, virtualInterfaceType, broken }) =>
      virtualInterfaceState === 'available' && virtualInterfaceType !== 'public' && broken === undefined,
  );
  const base = { id: null, action: 'allow' as const, ports: known(PortSet.all) };
  const sure = up ? [{ ...base, peers: known(announced), text: 'a virtual interface is up' }] : [];
  const perhaps = { ...base, peers: unknown(AddressSet.all, gap), text: gap.detail };
  return { kind: 'rules', rules: [...sure, perhaps], otherwise: 'drop', reason: { code: gap.code, data: {} } };
}
