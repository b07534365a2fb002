import { describe } from '@jest/globals';
import type { Fixture } from '../../support/gcp/fixture.js';
import { rows } from '../../support/gcp/row.js';
import { net2, onPremises } from '../../support/gcp/topology.js';
import { regionalUrl } from '../../support/gcp/urls.js';

const DENIED = { verdict: 'unreachable', symptom: 'times-out' } as const;

const ASKED = { target: '10.0.0.2', from: '192.168.0.9' } as const;

/** allow-ssh lets in what stands behind the tunnel, and nobody else. */
function lets(f: Fixture): Fixture {
  return f.rule('allow-ssh', { sourceRanges: ['192.168.0.0/16'] });
}

describe('a client on premises', () => {
  rows([
    {
      tag: 'gcp#128',
      name: 'behind a tunnel that is up: its own side is not known',
      given: (f) => onPremises(lets(f)),
      ...ASKED,
      verdict: 'unknown',
      missing: ['gcp/ev-onprem'],
      bestGuess: 'reachable',
    },
    {
      tag: 'gcp#129',
      name: 'behind a tunnel without packets',
      given: (f) => {
        lets(f).route('to-office', {
          destRange: '192.168.0.0/16',
          nextHopVpnTunnel: regionalUrl('vpnTunnels', 'tun1'),
        });
        f.vpnTunnel('tun1', { status: 'NO_INCOMING_PACKETS', detailedStatus: 'No incoming packets from peer' });
      },
      ...ASKED,
      ...DENIED,
      among: ['gcp/vpn-down tun1'],
    },
    {
      tag: 'gcp#130',
      name: 'whose router is not told of the subnet',
      given: (f) => onPremises(lets(f), { announces: '10.50.0.0/16' }),
      ...ASKED,
      ...DENIED,
      among: ['gcp/bgp-not-advertised'],
    },
    {
      tag: 'gcp#131',
      name: 'of whom another region learned only',
      given: (f) => {
        onPremises(lets(f), { region: 'europe-west1' }).noRoute('default-internet');
        f.addSubnet('sn-eu', { network: 'net1', prefix: '10.1.0.0/24', region: 'europe-west1' });
      },
      ...ASKED,
      ...DENIED,
      among: ['gcp/rt-return-missing'],
    },
    {
      tag: 'gcp#132',
      name: 'of whom a peer learned, which does not export it',
      given: (f) => onPremises(net2(lets(f)).peer('net1', 'net2'), { network: 'net2' }),
      ...ASKED,
      ...DENIED,
      among: ['gcp/peer-custom-routes'],
    },
  ]);
});
