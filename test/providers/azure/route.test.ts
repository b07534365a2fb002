import { describe } from '@jest/globals';
import type { Fixture } from '../../support/azure/fixture.js';
import { BLOCKED, type Row, rows } from '../../support/azure/row.js';
import { forcedTunnel, hub, vpn } from '../../support/azure/topology.js';

const NO_WAY_BACK = { ...BLOCKED, causes: ['azure/route-return'] } as const;

const TO_APPLIANCE = '0.0.0.0/0 VirtualAppliance 10.0.9.4';

/** These routes on the subnet of vmA. */
function routes(...texts: readonly string[]): Pick<Row, 'given'> {
  return { given: (f) => f.routes('vnet1/s1', ...texts) };
}

describe('the route back to the internet', () => {
  rows([
    { tag: 'azure#80', name: 'an appliance', ...routes(TO_APPLIANCE), ...NO_WAY_BACK },
    {
      tag: 'azure#81',
      name: 'the longest prefix wins',
      ...routes(TO_APPLIANCE, '203.0.113.7/32 Internet'),
      verdict: 'reachable',
    },
    { tag: 'azure#82', name: 'nowhere', ...routes('0.0.0.0/0 None'), ...NO_WAY_BACK },
    {
      tag: 'azure#83',
      name: 'a gateway that announces everything',
      given: (f) =>
        forcedTunnel(vpn(f, 'vnet1', '10.0.255.0/27')).edit('connections', 'to-office', { enableBgp: true }),
      ...NO_WAY_BACK,
    },
    {
      tag: 'azure#84',
      name: 'the internet, by a route of its own',
      ...routes('0.0.0.0/0 Internet'),
      verdict: 'reachable',
    },
    {
      tag: 'azure#85',
      name: 'an appliance, whose prefix makes VirtualNetwork everything',
      given: (f) => f.noRule('allow-ssh').routes('vnet1/s1', TO_APPLIANCE),
      ...NO_WAY_BACK,
      says: ['virtualnetwork'],
    },
    {
      tag: 'azure#86',
      name: 'a table that cannot be read',
      given: (f) => f.routes('vnet1/s1').denied('routeTables'),
      verdict: 'unknown',
      bestGuess: 'reachable',
      missing: ['Microsoft.Network/routeTables/read'],
    },
  ]);
});

describe('a client on premises', () => {
  const ASKED = { target: '10.0.1.4', from: '172.20.0.9' } as const;
  const office = (f: Fixture): Fixture => vpn(f.noRule('allow-ssh'), 'vnet1', '10.0.255.0/27');
  rows([
    { tag: 'azure#77', name: 'behind a gateway', given: office, ...ASKED, verdict: 'reachable' },
    {
      tag: 'azure#78',
      name: 'whose routes the table of the subnet keeps out',
      given: (f) => office(f).routes('vnet1/s1').edit('routeTables', 'rt-s1', { disableBgpRoutePropagation: true }),
      ...ASKED,
      ...BLOCKED,
      among: ['azure/route-return'],
    },
    {
      tag: 'azure#79',
      name: 'behind a gateway of the hub that the network does not use',
      given: (f) => {
        vpn(hub(f.noRule('allow-ssh')), 'hub', '10.100.255.0/27').peer('vnet1', 'hub');
        f.peering('hub', 'vnet1', { allowGatewayTransit: true });
      },
      ...ASKED,
      ...BLOCKED,
      among: ['azure/gateway'],
    },
  ]);
});
