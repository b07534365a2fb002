import { describe } from '@jest/globals';
import { AddressSet } from '../../../src/set/index.js';
import type { Fixture } from '../../support/aws/fixture.js';
import { egressOnlyGateway, natGateway, s3Endpoint } from '../../support/aws/middlebox.js';
import { vpnGateway } from '../../support/aws/on-prem.js';
import { type PathRow, pathRows } from '../../support/aws/path-row.js';
import { Q6 } from '../../support/aws/row.js';
import { transitGateway } from '../../support/aws/topology.js';

/** What of 0.0.0.0/0 counts as the internet. */
const INTERNET_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
].reduce((left, prefix) => left.subtract(AddressSet.of(prefix)), AddressSet.of('0.0.0.0/0'));

/** The reply is lost. */
const LOST = { verdict: 'unreachable', symptom: 'times-out', stops: 'returning' } as const;

/** Q0 with these routes in place of rtb-pub's. */
function routes(...lines: readonly string[]): Pick<PathRow, 'given'> {
  return { given: (f) => f.table('rtb-pub').routes(...lines) };
}

/** Q6 with these routes in place of rtb-pub's and a security group that lets every IPv6 client in. */
function routesV6(...lines: readonly string[]): Pick<PathRow, 'given' | 'target' | 'from'> {
  const given = (f: Fixture): void => {
    f.sg('sg-1').inbound('tcp 22 ::/0');
    f.table('rtb-pub').routes('0.0.0.0/0 igw-1', ...lines);
  };
  return { given, ...Q6 };
}

describe("which table is the subnet's", () => {
  pathRows([
    {
      tag: 'aws#95',
      name: 'its own, whatever the main table says',
      given: (f) => {
        f.table('rtb-pub').routes();
        f.table('rtb-main').routes('0.0.0.0/0 igw-1');
      },
      ...LOST,
      causes: ['aws/rt-missing rtb-pub'],
    },
    {
      tag: 'aws#96',
      name: 'the main one, where it has none',
      given: (f) => {
        f.table('rtb-pub').off('subnet-a');
        f.table('rtb-main').routes('0.0.0.0/0 igw-1');
      },
      verdict: 'reachable',
    },
  ]);
});

describe('where the default route leads', () => {
  pathRows([
    {
      tag: 'aws#97',
      name: 'a NAT gateway',
      given: (f) => natGateway(f).table('rtb-pub').routes('0.0.0.0/0 nat-1', '::/0 igw-1'),
      ...LOST,
      causes: ['aws/rt-asymmetric nat-1'],
    },
    {
      tag: 'aws#98',
      name: 'a gateway that is gone',
      ...routes('0.0.0.0/0 igw-1 blackhole'),
      ...LOST,
      causes: ['aws/rt-blackhole'],
    },
    {
      tag: 'aws#99',
      name: 'a gateway of another VPC',
      given: (f) =>
        f
          .addVpc('vpc-2', '10.1.0.0/16')
          .edit('InternetGateways', 'igw-1', { Attachments: [{ State: 'available', VpcId: 'vpc-2' }] }),
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/igw-detached igw-1'],
    },
    ...['available', 'attached'].map((State) => ({
      tag: 'aws#100',
      name: `an attachment that is '${State}'`,
      given: (f: Fixture) => f.edit('InternetGateways', 'igw-1', { Attachments: [{ State, VpcId: 'vpc-1' }] }),
      verdict: 'reachable' as const,
    })),
    {
      tag: 'aws#115',
      name: 'two halves in place of a default route',
      ...routes('0.0.0.0/1 igw-1', '128.0.0.0/1 igw-1'),
      verdict: 'reachable',
    },
    {
      tag: 'aws#116',
      name: "only the client's own prefix",
      ...routes('203.0.113.0/24 igw-1'),
      verdict: 'reachable',
    },
    {
      tag: 'aws#116',
      name: "only another client's prefix",
      given: (f) => {
        f.sg('sg-1').inbound('tcp 22 0.0.0.0/0');
        f.table('rtb-pub').routes('203.0.113.0/24 igw-1');
      },
      from: '192.0.2.9/32',
      ...LOST,
      causes: ['aws/rt-missing rtb-pub'],
    },
    {
      tag: 'aws#117',
      name: 'a route in a state that nobody documents',
      ...routes('0.0.0.0/0 igw-1 filtered'),
      verdict: 'unknown',
      missing: ['aws/rt-filtered'],
    },
    {
      tag: 'aws#118',
      name: 'IPv6: an egress-only gateway',
      given: (f) => {
        routesV6('::/0 eigw-1').given?.(f);
        egressOnlyGateway(f);
      },
      ...Q6,
      ...LOST,
      causes: ['aws/rt-asymmetric eigw-1'],
    },
    { tag: 'aws#119', name: 'IPv6: nowhere', ...routesV6(), ...LOST, causes: ['aws/rt-missing rtb-pub'] },
    {
      tag: 'aws#121',
      name: 'a core network',
      ...routes('0.0.0.0/0 arn:aws:networkmanager::111122223333:core-network/core-network-1', '::/0 igw-1'),
      ...LOST,
      causes: ['aws/rt-asymmetric'],
    },
    {
      tag: 'aws#122',
      name: 'tables that may not be read',
      given: (f) => f.denied('ec2:DescribeRouteTables'),
      verdict: 'unknown',
      missing: ['aws/ev-route ec2:DescribeRouteTables'],
    },
  ]);
});

describe('which route wins', () => {
  pathRows([
    {
      tag: 'aws#102',
      name: 'the longer prefix, for its part of the source',
      ...routes('203.0.113.0/25 pcx-1 blackhole', '0.0.0.0/0 igw-1', '::/0 igw-1'),
      from: '203.0.113.0/24',
      ...LOST,
      verdict: 'partial',
      causes: ['aws/rt-blackhole'],
      reachableFrom: ['203.0.113.128/25'],
      partialFrom: [],
      unknownFrom: [],
    },
    {
      tag: 'aws#103',
      name: 'a longer prefix that a VPN propagates',
      given: (f) => vpnGateway(f).table('rtb-pub').also('203.0.113.0/24 vgw-1 propagated'),
      verdict: 'unreachable',
      symptom: 'times-out',
      among: ['aws/rt-asymmetric vgw-1'],
      ways: { internet: { verdict: 'unreachable', causes: ['aws/rt-asymmetric'] } },
    },
    {
      tag: 'aws#104',
      name: 'a longer prefix of a prefix list',
      given: (f) => transitGateway(f).prefixList('pl-2', '203.0.113.0/24').table('rtb-pub').also('pl-2 tgw-1'),
      verdict: 'unreachable',
      symptom: 'times-out',
      among: ['aws/rt-asymmetric tgw-1'],
      ways: { internet: { verdict: 'unreachable', causes: ['aws/rt-asymmetric'] } },
    },
    {
      tag: 'aws#105',
      name: 'one of two lists with the same entry: nobody knows which',
      given: (f) =>
        transitGateway(f)
          .prefixList('pl-2', '203.0.113.0/24')
          .prefixList('pl-3', '203.0.113.0/24')
          .table('rtb-pub')
          .also('pl-2 igw-1', 'pl-3 tgw-1'),
      verdict: 'unknown',
      missingAmong: ['aws/rt-ambiguous'],
    },
    {
      tag: 'aws#106',
      name: 'the static one of two equals',
      given: (f) => vpnGateway(f).table('rtb-pub').also('203.0.113.0/24 igw-1', '203.0.113.0/24 vgw-1 propagated'),
      verdict: 'reachable',
    },
    {
      tag: 'aws#113',
      name: 'the local route, over a longer one that a VPN propagates',
      given: (f) => {
        vpnGateway(f).table('rtb-pub').also('10.0.2.0/24 vgw-1 propagated');
        f.sg('sg-1').inbound('tcp 22 10.0.0.0/16');
      },
      from: 'i-2',
      target: '10.0.1.10',
      verdict: 'reachable',
      path: 'same-vpc',
    },
    {
      tag: 'aws#114',
      name: 'the local route of a public prefix used privately',
      given: (f) =>
        f.edit('Vpcs', 'vpc-1', {
          CidrBlockAssociationSet: ['10.0.0.0/16', '203.0.113.0/24'].map((CidrBlock) => ({
            AssociationId: `vpc-cidr-assoc-${CidrBlock}`,
            CidrBlock,
            CidrBlockState: { State: 'associated' },
          })),
        }),
      ...LOST,
      causes: ['aws/rt-local-overlap'],
    },
    {
      tag: 'aws#120',
      name: 'a gateway endpoint, for the prefixes of its service',
      given: (f) => {
        f.prefixList('pl-s3', '203.0.113.0/24').edit('PrefixLists', 'pl-s3', {
          PrefixListName: 'com.amazonaws.eu-west-1.s3',
          PrefixListArn: 'arn:aws:ec2:eu-west-1:aws:prefix-list/pl-s3',
          OwnerId: 'AWS',
        });
        s3Endpoint(f, 'vpce-s3', 'rtb-pub').table('rtb-pub').also('pl-s3 vpce-s3');
      },
      ...LOST,
      causes: ['aws/rt-asymmetric vpce-s3'],
    },
    {
      tag: 'aws#120',
      name: 'as describe-prefix-lists prints the prefixes',
      given: (f) => {
        const PrefixLists = [
          { PrefixListId: 'pl-s3', PrefixListName: 'com.amazonaws.eu-west-1.s3', Cidrs: ['203.0.113.0/24'] },
        ];
        f.single('ec2:DescribePrefixLists', { PrefixLists });
        s3Endpoint(f, 'vpce-s3', 'rtb-pub').table('rtb-pub').also('pl-s3 vpce-s3');
      },
      ...LOST,
      causes: ['aws/rt-asymmetric vpce-s3'],
    },
  ]);
});

describe('sources that no internet gateway lets in', () => {
  const everyone: Pick<PathRow, 'given'> = { given: (f) => f.sg('sg-1').inbound('tcp 22 0.0.0.0/0') };
  const refused = { verdict: 'unreachable', symptom: 'times-out', causes: ['aws/src-not-routable'] } as const;
  pathRows([
    { tag: 'aws#123', name: 'RFC 1918', ...everyone, from: '10.9.9.9/32', via: 'internet', ...refused },
    { tag: 'aws#124', name: 'RFC 6598', ...everyone, from: '100.64.1.1/32', via: 'internet', ...refused },
    {
      tag: 'aws#125',
      name: 'the private part of the whole world is nobody',
      ...everyone,
      from: '0.0.0.0/0',
      verdict: 'reachable',
      reachableFrom: INTERNET_V4.prefixes(),
      partialFrom: [],
      unknownFrom: [],
    },
  ]);
});
