import { expect, test } from '@jest/globals';
import { later, made, packPlanOf } from '../support/gate/deployment.js';
import { findingOn, type PolicyRow, policyFor, policyRows, reportOf } from '../support/gate/verdict.js';

type Inputs = Readonly<Record<string, unknown>>;

const box = (inputs: Inputs = {}) =>
  made('aws:lightsail/instance:Instance', 'web', { blueprintId: 'ubuntu_24_04', ...inputs });
const ports = (portInfos: unknown, instanceName: unknown = later('web')) =>
  made('aws:lightsail/instancePublicPorts:InstancePublicPorts', 'ports', { instanceName, portInfos });
const ssh = (fields: Inputs = {}) => ({ protocol: 'tcp', fromPort: 22, toPort: 22, ...fields });
const office = { cidrs: ['203.0.113.0/24'], ipv6Cidrs: ['2001:db8::/48'] };

const rows: readonly PolicyRow[] = [
  { what: 'as Linux comes', given: [box()], policy: 'exposed' },
  { what: 'as Windows comes', given: [box({ blueprintId: 'windows_server_2022' })], policy: '-' },
  { what: 'as nobody knows what comes', given: [box({ blueprintId: later() })], policy: 'undecided' },
  { what: 'as what is newer than port22 comes', given: [box({ blueprintId: 'galactic_os' })], policy: 'undecided' },
  { what: 'with other ports only', given: [box(), ports([{ ...ssh(), fromPort: 443, toPort: 443 }])], policy: '-' },
  { what: 'with no port', given: [box(), ports([])], policy: '-' },
  {
    what: 'with the port for everybody',
    given: [box({ blueprintId: 'windows_server_2022' }), ports([ssh()])],
    policy: 'exposed',
  },
  {
    what: 'with all protocols',
    given: [box(), ports([{ protocol: 'all', fromPort: 0, toPort: 65535 }])],
    policy: 'exposed',
  },
  { what: 'with UDP', given: [box(), ports([ssh({ protocol: 'udp' })])], policy: '-' },
  { what: 'with the port for some', given: [box(), ports([ssh(office)])], policy: 'exposed' },
  {
    what: 'with the port for some who may come',
    given: [box(), ports([ssh(office)])],
    setup: { allowed: ['203.0.113.0/24', '2001:db8::/48'] },
    policy: '-',
  },
  {
    what: 'with the port for some of one family, where the other is not said',
    given: [box({ ipAddressType: 'ipv4' }), ports([ssh({ cidrs: ['203.0.113.0/24'] })])],
    setup: { allowed: ['203.0.113.0/24'] },
    policy: 'undecided',
  },
  {
    what: "with the port for the console's client, whose addresses nobody lists",
    given: [box(), ports([ssh({ cidrListAliases: ['lightsail-connect'] })])],
    policy: 'undecided',
  },
  { what: 'with ports of nobody knows what', given: [box(), ports([ssh()], later())], policy: 'exposed' },
  { what: 'with closed ports of nobody knows what', given: [box(), ports([], later())], policy: 'likely' },
  { what: 'with ports that nobody knows', given: [box(), ports(later())], policy: 'undecided' },
  { what: 'with one entry that nobody knows', given: [box(), ports([later()])], policy: 'undecided' },
  {
    what: 'over IPv6 only, asked about IPv4',
    given: [box({ ipAddressType: 'ipv6' })],
    setup: { forbidden: ['0.0.0.0/0'] },
    policy: '-',
  },
  {
    what: 'over IPv4 only, asked about IPv6',
    given: [box({ ipAddressType: 'ipv4' })],
    setup: { forbidden: ['::/0'] },
    policy: '-',
  },
  { what: 'over nobody knows which', given: [box({ ipAddressType: later() })], policy: 'likely' },
  {
    what: 'under a control of the account, of which nobody knows whether it counts here',
    given: [box(), made('VpcBlockPublicAccessOptions', 'bpa', { internetGatewayBlockMode: 'block-bidirectional' })],
    policy: 'undecided',
  },
  {
    what: 'from a private address, which passes no firewall',
    given: [box(), ports([])],
    setup: { forbidden: ['172.26.3.4/32'] },
    policy: 'undecided',
  },
];

policyRows('an instance of Lightsail', rows);

test('the ports of an instance are linked by its name', () => {
  const given = [box({ name: 'box' }), ports([ssh({ fromPort: 80, toPort: 80 })], 'box')];
  expect(policyFor(findingOn(reportOf(packPlanOf(given)), 'web'))).toBe('-');
});

test('what is said of it names Lightsail, and where the program opens it', () => {
  const { kind, path, change, assumed } = findingOn(reportOf(packPlanOf([box(), ports([ssh(office)])])), 'web');
  expect(kind).toBe('Lightsail instance');
  expect(path).toEqual([
    'internet gateway "igw-Lightsail"',
    'route 0.0.0.0/0 in route table "Lightsail"',
    'network acl "Lightsail" rule 100 (allows everything from anywhere)',
    'security group "Lightsail firewall of web" portInfos[0].cidrs (allows tcp/22 from 203.0.113.0/24)',
  ]);
  expect(change).toBe('security group "Lightsail firewall of web" portInfos[0].cidrs');
  expect(assumed).toEqual(['no Block Public Access of the account']);
});

test('the firewall as Lightsail makes it is told as assumed', () => {
  expect(findingOn(reportOf(packPlanOf([box()])), 'web').assumed).toContain(
    'the firewall of "web" as Lightsail makes it',
  );
});
