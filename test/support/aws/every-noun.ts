import { connectEndpoint } from './alternative.js';
import { type Fixture, f0 } from './fixture.js';
import { nlb } from './load-balancer.js';
import { appliance, firewallEndpoint, natGateway } from './middlebox.js';
import { virtualInterface, vpn } from './on-prem.js';
import { enforcedEncryption, exclusion } from './public-access.js';
import { peeredVpc2, transitGateway } from './topology.js';

interface Asked {
  readonly target: string;
  readonly from: string;
}

/** An account, and what is asked about it beside who reaches its instances. */
export interface AskedAccount {
  readonly name: string;
  readonly of: () => Fixture;
  readonly asks: readonly Asked[];
}

const EVERYTHING = ['all 0.0.0.0/0', 'all ::/0'] as const;
const OUTSIDE: Asked = { target: 'i-1', from: '203.0.113.0/24,198.51.100.200,2001:db8:f::/48' };

/** Like that, with a second interface of i-2 that keeps everything in. */
function twoInterfaces(): Fixture {
  const f = inside();
  f.sg('sg-3');
  const of = { id: 'eni-3', instance: 'i-2', device: 1, subnet: 'subnet-b', ip: '10.0.2.30', groups: ['sg-3'] };
  return f.addInterface(of);
}

/** What is on its way out: a table, an interface, a group's use in another VPC, a range. Nobody gets in any more. */
function leaving(): Fixture {
  const f = f0();
  f.addVpc('vpc-2', '10.1.0.0/16');
  f.sg('sg-2')
    .homedIn('vpc-2')
    .inbound('tcp 22 0.0.0.0/0')
    .egress(...EVERYTHING);
  f.add('SecurityGroupVpcAssociations', {
    GroupId: 'sg-2',
    VpcId: 'vpc-1',
    VpcOwnerId: '111122223333',
    State: 'disassociated',
  });
  f.add('InternetGateways', { InternetGatewayId: 'igw-2', Attachments: [{ VpcId: 'vpc-2', State: 'detaching' }] });
  return f.edit('NetworkInterfaces', 'eni-1', {
    Attachment: { InstanceId: 'i-1', DeviceIndex: 0, Status: 'detaching' },
  });
}

/** A public address of a range that was brought along, a machine that a service runs, an address of a carrier. */
function brought(): Fixture {
  const f = f0();
  f.edit('Addresses', 'eipalloc-10', { PublicIpv4Pool: 'ipv4pool-ec2-1' });
  return f.add('ByoipCidrs', { Cidr: '198.51.100.0/24', State: 'advertised' });
}

/** F0, into which i-1 lets the outside, i-2 and a prefix list; each of i-2's ways out and in is open. */
function inside(): Fixture {
  const f = f0().prefixList('pl-1', '203.0.113.128/25').prefixList('pl-2', '192.0.2.0/24');
  f.acl('acl-b').open().on('subnet-b');
  f.sg('sg-1').inbound('tcp 22 pl-1', 'tcp 22 sg-2', 'tcp 22 2001:db8:f::/48');
  f.sg('sg-2').inbound('tcp 22 sg-1', 'tcp 443 0.0.0.0/0').egress('tcp 22 sg-1');
  f.sg('sg-1').egress('tcp 22 10.0.2.0/24');
  f.table('rtb-pub').also('pl-2 igw-1 blackhole');
  return f;
}

/** sg-9 of vpc-2 may send to i-1 by a reference, over pcx-1; i-1 may not send to i-9. */
function peered(): Fixture {
  const f = peeredVpc2(f0());
  f.sg('sg-1')
    .inbound('tcp 22 sg-9 vpc=vpc-2 pcx=pcx-1 status=active')
    .egress(...EVERYTHING);
  return f;
}

function pending(): Fixture {
  const f = peered().edit('VpcPeeringConnections', 'pcx-1', { Status: { Code: 'pending-acceptance' } });
  f.sg('sg-1').inbound('tcp 22 10.1.0.0/16');
  return f;
}

function transit(): Fixture {
  const f = transitGateway(f0());
  f.sg('sg-1')
    .inbound('tcp 22 sg-9 vpc=vpc-2')
    .egress(...EVERYTHING);
  return f;
}

/** The sites behind a VPN with a static route; `routes` undefined: they announce it. */
function sites(routes?: readonly string[]): Fixture {
  const f = vpn(f0(), routes ? { routes } : {});
  f.sg('sg-1').inbound('tcp 22 192.168.0.0/16');
  f.table('rtb-pub').also(`192.168.0.0/16 vgw-1${routes ? '' : ' propagated'}`);
  return f;
}

function balanced(): Fixture {
  const f = nlb(f0(), { groups: ['sg-nlb'], preserveClientIp: false });
  f.sg('sg-nlb').inbound('tcp 22 203.0.113.0/24').egress('tcp 22 sg-1');
  f.sg('sg-1').inbound('tcp 22 sg-nlb');
  return f;
}

/** Blocked but for subnet-a, which is excluded; i-2 has a public address in subnet-b. */
function excluded(): Fixture {
  const f = f0();
  f.table('rtb-pub').on('subnet-b');
  f.sg('sg-2').inbound('tcp 22 203.0.113.0/24');
  f.addInterface({
    id: 'eni-3',
    instance: 'i-2',
    device: 1,
    subnet: 'subnet-b',
    ip: '10.0.2.30',
    groups: ['sg-2'],
    public: '198.51.100.30',
  });
  f.blockPublicAccess({ InternetGatewayBlockMode: 'block-bidirectional' });
  f.add('VpcBlockPublicAccessExclusions', exclusion({ of: 'subnet-a' }));
  f.add('VpcBlockPublicAccessExclusions', exclusion({ of: 'subnet-b', mode: 'allow-egress' }));
  return f.add('VpcEncryptionControls', enforcedEncryption('enabled'));
}

/** The replies go through an appliance; i-2 sends through NAT. */
function inspected(): Fixture {
  const f = natGateway(appliance(f0(), '198.51.100.70'));
  f.table('rtb-edge').edgeOf('igw-1').routes('10.0.1.0/24 eni-fw');
  f.table('rtb-main').routes('0.0.0.0/0 nat-1');
  return firewallEndpoint(f, 'vpce-1');
}

function endpoint(): Fixture {
  const f = connectEndpoint(f0());
  f.sg('sg-1').inbound('tcp 22 sg-eice');
  return f;
}

/** Accounts that together hold every noun, each open in part and closed in part. */
export const everyNoun: readonly AskedAccount[] = [
  { name: 'F0', of: f0, asks: [OUTSIDE, { target: '10.0.1.10', from: '10.0.0.0/16' }] },
  {
    name: 'inside',
    of: inside,
    asks: [OUTSIDE, { target: '10.0.1.10', from: '10.0.2.20' }, { target: 'i-1', from: 'i-2' }],
  },
  {
    name: 'interfaces that only their instances show',
    of: () => twoInterfaces().without('NetworkInterfaces'),
    asks: [OUTSIDE, { target: '10.0.1.10', from: '10.0.2.20' }, { target: '10.0.1.10', from: 'i-2' }],
  },
  { name: 'leaving', of: leaving, asks: [OUTSIDE, { target: '10.0.1.10', from: '10.0.2.20' }] },
  { name: 'brought', of: brought, asks: [OUTSIDE] },
  {
    name: 'peering',
    of: peered,
    asks: [
      { target: '10.0.1.10', from: '10.1.0.9' },
      { target: 'i-1', from: 'i-9' },
    ],
  },
  { name: 'peering that waits', of: pending, asks: [{ target: 'i-1', from: '10.1.0.0/24' }] },
  {
    name: 'transit gateway',
    of: transit,
    asks: [
      { target: '10.0.1.10', from: '10.1.0.9' },
      { target: 'i-1', from: 'i-9' },
    ],
  },
  { name: 'static VPN', of: () => sites(['192.168.0.0/16']), asks: [{ target: '10.0.1.10', from: '192.168.0.9' }] },
  {
    name: 'BGP and Direct Connect',
    of: () => sites().add('virtualInterfaces', virtualInterface('private')),
    asks: [{ target: '10.0.1.10', from: '192.168.0.9' }],
  },
  { name: 'load balancer', of: balanced, asks: [OUTSIDE] },
  { name: 'Block Public Access', of: excluded, asks: [OUTSIDE, { ...OUTSIDE, target: 'i-2' }] },
  { name: 'appliance', of: inspected, asks: [OUTSIDE, { target: 'i-1', from: 'i-2' }] },
  { name: 'endpoint', of: endpoint, asks: [{ target: 'i-1', from: '10.0.2.0/24' }] },
];
