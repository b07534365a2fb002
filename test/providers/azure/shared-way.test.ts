import { describe, expect, test } from '@jest/globals';
import { audit, explain } from '../../../src/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { type Fixture, f0 } from '../../support/azure/fixture.js';
import { firewall, firewallAllows, hub, neighbour } from '../../support/azure/topology.js';

// An audit shares the ways of machines that nothing tells apart; what does tell them apart may stand in another network.

/** vmA and vmA1, alike but for their addresses, and a client in a network behind the hub. */
function spokes(routesOfClient: readonly string[]): Fixture {
  const f = firewall(hub(neighbour(f0())), { vnet: 'hub', prefix: '10.100.0.0/26' }, firewallAllows());
  f.addVm('A1', { subnet: 'vnet1/s1', ip: '10.0.1.5', publicIp: '20.1.2.9' });
  const forwarded = { allowForwardedTraffic: true };
  f.peer('vnet1', 'hub', forwarded).peer('vnet2', 'hub', forwarded);
  f.routes('vnet1/s1', '10.1.0.0/16 VirtualAppliance 10.100.0.4');
  return f.routes('vnet2/p1', ...routesOfClient);
}

const CLIENT = '10.1.0.4/32';

describe('machines that a route of a network behind the hub tells apart', () => {
  test.each([
    ['one of them', ['10.0.1.4/32 VirtualAppliance 10.100.0.4'], ['vmA']],
    ['the other one', ['10.0.1.5/32 VirtualAppliance 10.100.0.4'], ['vmA1']],
    ['both', ['10.0.1.4/31 VirtualAppliance 10.100.0.4'], ['vmA', 'vmA1']],
    ['neither', ['10.0.2.0/24 VirtualAppliance 10.100.0.4'], []],
  ])('%s', (_, routes, open) => {
    const documents = spokes(routes).documents('fetched');
    const asked = ['vmA', 'vmA1'];
    const told = asked.filter(
      (target) => explain({ documents }, { target, from: CLIENT }).report?.targets[0]?.verdict === 'reachable',
    );
    const targets = audit({ documents }).report?.targets ?? [];
    const audited = targets.filter(
      ({ target, reachableFrom }) =>
        asked.includes(target.name ?? '') && AddressSet.of(...reachableFrom).covers(AddressSet.of(CLIENT)),
    );
    expect(told).toEqual(open);
    expect(audited.map(({ target }) => target.name)).toEqual(open);
  });
});
