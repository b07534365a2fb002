import { afterAll, describe, expect, test } from '@jest/globals';
import { f0 } from '../support/aws/fixture.js';
import { port22, problemsOf, recorded } from '../support/command.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());

const balancer = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/front/1';

/** F0 with names, and with addresses that belong to no instance. */
function account() {
  const f = f0();
  f.edit('Reservations', 'i-1', {
    Tags: [{ Key: 'Name', Value: 'web-1' }],
    PublicDnsName: 'ec2-198-51-100-10.eu-west-1.compute.amazonaws.com',
    PrivateDnsName: 'ip-10-0-1-10.eu-west-1.compute.internal',
  });
  f.edit('Reservations', 'i-2', { Tags: [{ Key: 'Name', Value: 'worker' }] });
  f.addInstance({ id: 'i-3', eni: 'eni-3', subnet: 'subnet-b', ip: '10.0.2.30', groups: ['sg-2'] });
  f.edit('Reservations', 'i-3', { Tags: [{ Key: 'Name', Value: 'worker' }] });
  f.addInstance({ id: 'i-4', eni: 'eni-4', subnet: 'subnet-b', ip: '10.0.2.40', groups: ['sg-2'] });
  f.edit('Reservations', 'i-4', {
    Tags: [{ Key: 'Name', Value: 'jump' }],
    PrivateDnsName: 'ip-10-0-2-40.eu-west-1.compute.internal',
  });
  f.add('LoadBalancers', {
    LoadBalancerArn: balancer,
    LoadBalancerName: 'front',
    DNSName: 'front-1.elb.eu-west-1.amazonaws.com',
    VpcId: 'vpc-1',
    Type: 'network',
    Scheme: 'internet-facing',
    State: { Code: 'active' },
    AvailabilityZones: [],
  });
  f.add('NatGateways', {
    NatGatewayId: 'nat-1',
    Tags: [{ Key: 'Name', Value: 'outbound' }],
    VpcId: 'vpc-1',
    SubnetId: 'subnet-a',
    State: 'available',
    ConnectivityType: 'public',
    NatGatewayAddresses: [{ PublicIp: '198.51.100.77', PrivateIp: '10.0.1.77', NetworkInterfaceId: 'eni-nat' }],
  });
  f.addInterface({ id: 'eni-elb', subnet: 'subnet-a', ip: '10.0.1.50', public: '198.51.100.50' });
  f.edit('NetworkInterfaces', 'eni-elb', { InterfaceType: 'network_load_balancer' });
  f.add('Addresses', { PublicIp: '198.51.100.60', AllocationId: 'eipalloc-60', Domain: 'vpc' });
  f.sg('sg-1').inbound('tcp 22 203.0.113.0/24', 'tcp 22 2001:db8:f::/48', 'tcp 22 sg-2');
  return f;
}

const input = recorded(account().documents('cli'), folder.path);

async function asked(target: string, source: string, ...more: string[]) {
  const { exitCode, out, err } = await port22([
    'explain',
    target,
    `--from=${source}`,
    '--in',
    input,
    '--format',
    'json',
    ...more,
  ]);
  return { exitCode, report: out === '' ? undefined : JSON.parse(out), problems: problemsOf(err) };
}

describe('a target is found by', () => {
  test.each<[string, string, string, string]>([
    ['its id', 'i-1', '203.0.113.5', '198.51.100.10'],
    ['its name', 'web-1', '203.0.113.5', '198.51.100.10'],
    ['its ARN', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1', '203.0.113.5', '198.51.100.10'],
    [
      'the ARN of another partition',
      'arn:aws-cn:ec2:eu-west-1:111122223333:instance/i-1',
      '203.0.113.5',
      '198.51.100.10',
    ],
    ['its public DNS name', 'ec2-198-51-100-10.eu-west-1.compute.amazonaws.com', '203.0.113.5', '198.51.100.10'],
    ['its private DNS name', 'ip-10-0-1-10.eu-west-1.compute.internal', '203.0.113.5', '198.51.100.10'],
    ['its public address', '198.51.100.10', '203.0.113.5', '198.51.100.10'],
    ['its private address', '10.0.1.10', '10.0.2.20', '10.0.1.10'],
    ['its IPv6 address', '2001:db8:1:1::10', '2001:db8:f::5', '2001:db8:1:1::10'],
    [
      'its IPv6 address with every digit',
      '2001:0db8:0001:0001:0000:0000:0000:0010',
      '2001:db8:f::5',
      '2001:db8:1:1::10',
    ],
    ['its IPv6 address in capitals', '2001:DB8:1:1::10', '2001:db8:f::5', '2001:db8:1:1::10'],
    ['its IPv6 address with an IPv4 end', '2001:db8:1:1::0.0.0.16', '2001:db8:f::5', '2001:db8:1:1::10'],
  ])('%s', async (_, target, source, address) => {
    const { exitCode, report, problems } = await asked(target, source);
    expect({ exitCode, problems }).toEqual({ exitCode: 0, problems: [] });
    expect(report.question.target).toBe(target);
    expect(report.targets).toMatchObject([{ target: { id: 'i-1', name: 'web-1' }, verdict: 'reachable' }]);
    expect(report.targets[0].findings).toMatchObject([{ address }]);
  });

  test('an address, which is then the only one that is asked', async () => {
    const { exitCode, report } = await asked('10.0.1.10', '203.0.113.5');
    expect(exitCode).toBe(1);
    expect(report.targets[0].findings).toMatchObject([
      { address: '10.0.1.10', causes: [{ code: 'aws/addr-private' }] },
    ]);
  });
});

test('an address cannot be dialled by clients of the other family, and no change would let them', async () => {
  const { exitCode, report } = await asked('2001:db8:1:1::10', '203.0.113.5');
  expect(exitCode).toBe(1);
  expect(report.targets[0].findings).toMatchObject([
    { family: 4, address: null, causes: [{ code: 'aws/addr-no-public-ipv4' }], fixes: [] },
  ]);
});

describe('no target is', () => {
  test.each<[string, string, { what: string | RegExp; why?: string; fix?: string }]>([
    [
      'a name of two instances',
      'worker',
      { what: 'worker names 2 instances', why: 'it could be any of i-2, i-3', fix: 'name one of them by its id' },
    ],
    ['a mistyped name', 'wbe-1', { what: /^wbe-1 is no instance/, fix: 'did you mean web-1?' }],
    ['the start of a name', 'work', { what: /^work is no instance/, fix: 'did you mean worker?' }],
    ['an id that is like others', 'i-9', { what: /^i-9 is no instance/, fix: 'did you mean i-1 or i-2 or i-3?' }],
    [
      'an id that is like none',
      'mail',
      { what: /^mail is no instance/, fix: 'look at the id, the account and the region that were recorded' },
    ],
    ['the ARN of something else', 'arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-a', { what: /is no instance/ }],
    [
      'the public address of a NAT gateway',
      '198.51.100.77',
      { what: '198.51.100.77 belongs to NAT gateway nat-1, which is never a way in' },
    ],
    [
      'the name of a NAT gateway',
      'outbound',
      { what: 'outbound belongs to NAT gateway nat-1, which is never a way in' },
    ],
    ['the id of a NAT gateway', 'nat-1', { what: 'nat-1 is a NAT gateway, which is never a way in' }],
    ['the id of an interface', 'eni-1', { what: 'eni-1 is a network interface, which belongs to i-1' }],
    ...['front', balancer, 'front-1.elb.eu-west-1.amazonaws.com'].map(
      (name): [string, string, { what: RegExp; fix: string }] => [
        'a load balancer',
        name,
        {
          what: /(belongs to|is a) load balancer.*: ask for an instance behind it, with --via load-balancer$/,
          fix: 'ask for an instance by its id or name',
        },
      ],
    ),
    ['the private address of a NAT gateway', '10.0.1.77', { what: /belongs to NAT gateway nat-1/ }],
    [
      'the address of a balancer',
      '198.51.100.50',
      {
        what: '198.51.100.50 belongs to network interface eni-elb (network_load_balancer), which belongs to no instance',
      },
    ],
    [
      'a spare elastic address',
      '198.51.100.60',
      { what: /belongs to elastic address eipalloc-60, which is associated with nothing$/ },
    ],
    [
      'an address of nobody',
      '203.0.113.200',
      {
        what: /^203\.0\.113\.200 is no instance/,
        why: 'a released address may belong to somebody else by now, so there is nothing to judge',
      },
    ],
    ['an IPv6 address of nobody', '2001:db8:9::1', { what: /^2001:db8:9::1 is no instance/ }],
    [
      'an address with a leading zero, which some read as octal',
      '010.0.1.10',
      { what: /^010\.0\.1\.10 is no instance/ },
    ],
    ['a prefix', '10.0.1.10/32', { what: /^10\.0\.1\.10\/32 is no instance/ }],
    ['the whole', '*', { what: /^\* is no instance/ }],
  ])('%s', async (_, target, { what, ...rest }) => {
    const { exitCode, report, problems } = await asked(target, '203.0.113.5');
    expect({ exitCode, report }).toEqual({ exitCode: 2, report: undefined });
    const told = typeof what === 'string' ? what : expect.stringMatching(what);
    expect(problems).toMatchObject([{ severity: 'cannot', where: 'TARGET', what: told, ...rest }]);
  });
});

describe('a source is', () => {
  test.each<[string, string, string[], string]>([
    ['an address', '203.0.113.5', ['203.0.113.5/32'], 'reachable'],
    ['an IPv6 address', '2001:DB8:F:0:0::5', ['2001:db8:f::5/128'], 'reachable'],
    ['a prefix', '203.0.113.0/25', ['203.0.113.0/25'], 'reachable'],
    ['a prefix that is open in part', '203.0.112.0/23', ['203.0.112.0/23'], 'partial'],
    ['several, with blanks', '203.0.113.0/25, 2001:db8:f::/64', ['203.0.113.0/25', '2001:db8:f::/64'], 'reachable'],
    ['several that fare differently', '203.0.113.5,198.51.100.1', ['203.0.113.5/32', '198.51.100.1/32'], 'partial'],
    ['the internet', 'internet', ['internet'], 'partial'],
    ['the internet and a private prefix', 'internet,10.0.2.0/24', ['internet', '10.0.2.0/24'], 'partial'],
    ['an instance by its id', 'i-2', ['i-2'], 'reachable'],
    ['an instance by its name', 'jump', ['i-4'], 'reachable'],
    ['an instance by its ARN', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-4', ['i-4'], 'reachable'],
    ['an instance by its DNS name', 'ip-10-0-2-40.eu-west-1.compute.internal', ['i-4'], 'reachable'],
    ['an instance by its address', '10.0.2.20', ['10.0.2.20/32'], 'reachable'],
    ['an address of the subnet that no instance has', '10.0.2.99', ['10.0.2.99/32'], 'unreachable'],
  ])('%s', async (_, source, from, verdict) => {
    const { report, problems } = await asked('i-1', source);
    expect(problems).toEqual([]);
    expect(report.question.from).toEqual(from);
    expect(report.targets).toMatchObject([{ verdict }]);
  });

  test('a prefix with bits below its length, with a warning', async () => {
    const { exitCode, report, problems } = await asked('i-1', '203.0.113.5/24');
    expect(exitCode).toBe(0);
    expect(report.question.from).toEqual(['203.0.113.0/24']);
    expect(problems).toEqual([
      {
        severity: 'warning',
        what: '203.0.113.5/24 has bits set below its prefix length',
        where: '--from',
        why: 'it is read as 203.0.113.0/24',
        fix: 'write the network, or a single address without a length',
      },
    ]);
  });

  test('of a family that the target does not have, which is then the cause', async () => {
    const { exitCode, report } = await asked('i-2', '2001:db8:f::5');
    expect(exitCode).toBe(1);
    expect(report.targets[0].findings).toMatchObject([{ family: 6 }]);
    expect(report.targets[0].findings[0].causes[0].code).toBe('aws/addr-no-ipv6');
  });
});

describe('no source is', () => {
  test.each([
    ['nothing', '', 'the source is empty'],
    ['only commas', ' , ,', 'the source is empty'],
    ['an octet too large', '300.1.1.1', '"300.1.1.1" is neither an address nor a known instance'],
    ['a length too large', '203.0.113.5/33', '"203.0.113.5/33" is neither an address nor a known instance'],
    ['a short address', '203.0.113', '"203.0.113" is neither an address nor a known instance'],
    ['an address with a zone', 'fe80::1%eth0', '"fe80::1%eth0" is neither an address nor a known instance'],
    ['an unknown name', 'laptop', '"laptop" is neither an address nor a known instance'],
    ['a wrong one among good ones', '203.0.113.5,nonsense', '"nonsense" is neither an address nor a known instance'],
    ['an instance among others', 'i-2,203.0.113.5', 'i-2 is an instance among other sources'],
  ])('%s', async (_, source, what) => {
    const { exitCode, report, problems } = await asked('i-1', source);
    expect({ exitCode, report }).toEqual({ exitCode: 2, report: undefined });
    expect(problems).toMatchObject([{ severity: 'cannot', what, where: '--from' }]);
  });

  test('a mistyped name, for which another is suggested', async () => {
    const { problems } = await asked('i-1', 'webb-1');
    expect(problems).toMatchObject([{ fix: 'did you mean web-1?' }]);
  });

  test('a name of two instances, which are listed', async () => {
    const { exitCode, report, problems } = await asked('i-1', 'worker');
    expect({ exitCode, report }).toEqual({ exitCode: 2, report: undefined });
    expect(problems).toEqual([
      {
        severity: 'cannot',
        what: 'worker names 2 instances',
        where: '--from',
        why: 'it could be any of i-2, i-3',
        fix: 'name one of them by its id',
      },
    ]);
  });

  test.each([
    ['outbound', 'outbound belongs to NAT gateway nat-1'],
    ['front', 'front is a load balancer'],
    ['front-1.elb.eu-west-1.amazonaws.com', 'front-1.elb.eu-west-1.amazonaws.com belongs to load balancer front'],
  ])('%s, the name of something else', async (source, what) => {
    const { exitCode, problems } = await asked('i-1', source);
    expect(exitCode).toBe(2);
    expect(problems).toMatchObject([{ what, where: '--from', why: expect.stringContaining('instances') }]);
  });

  test('a source that no way of the asked kind leads from', async () => {
    const { exitCode, problems } = await asked('i-1', '203.0.113.5', '--via', 'peering');
    expect(exitCode).toBe(2);
    expect(problems).toMatchObject([
      { where: '--via', why: 'no path of the kind "peering" leads from there to the target' },
    ]);
  });
});

describe('an address that machines of two VPCs hold', () => {
  const f = f0();
  f.addVpc('vpc-9', '10.0.0.0/16');
  f.addSubnet('subnet-9', { vpc: 'vpc-9', prefix: '10.0.2.0/24', zone: 'a' });
  f.acl('acl-9', 'vpc-9').open().on('subnet-9');
  f.table('rtb-9', 'vpc-9').main();
  f.sg('sg-9', { vpc: 'vpc-9' }).egress('all 0.0.0.0/0');
  f.addInstance({ id: 'i-9', eni: 'eni-9', subnet: 'subnet-9', ip: '10.0.2.20', groups: ['sg-9'] });
  f.sg('sg-1').inbound('tcp 22 10.0.2.0/24');
  const own = tempFolder();
  afterAll(() => own.remove());
  const twice = recorded(f.documents('cli'), own.path);
  const ask = async (source: string) => {
    const { exitCode, out, err } = await port22([
      'explain',
      'i-1',
      '--from',
      source,
      '--in',
      twice,
      '--format',
      'json',
    ]);
    const [target] = JSON.parse(out).targets;
    const causes = target.findings.flatMap((finding: { causes: { code: string }[] }) => finding.causes);
    return { exitCode, causes: causes.map(({ code }: { code: string }) => code), problems: problemsOf(err) };
  };

  test('is judged as an address, with a warning', async () => {
    const { exitCode, problems } = await ask('10.0.2.20');
    expect(exitCode).toBe(0);
    expect(problems).toMatchObject([
      { severity: 'warning', what: '10.0.2.20 is held by i-2 in vpc-1 and by i-9 in vpc-9', where: '--from' },
    ]);
  });

  test('is no way in for the machine whose VPC is not joined', async () => {
    expect(await ask('i-2')).toMatchObject({ exitCode: 0, problems: [] });
    expect(await ask('i-9')).toMatchObject({
      exitCode: 1,
      causes: expect.arrayContaining(['aws/pcx-none']),
      problems: [],
    });
  });
});

test('--client-os narrows the ports from which the client sends', async () => {
  const f = f0();
  f.acl('acl-def').out('100 allow tcp 32768-61000 0.0.0.0/0');
  const narrow = recorded(f.documents('cli'), folder.path, 'narrow');
  const exitCodes = [];
  for (const system of ['linux', 'windows']) {
    const { exitCode } = await port22([
      'explain',
      'i-1',
      '--from',
      '203.0.113.5',
      '--in',
      narrow,
      '--client-os',
      system,
    ]);
    exitCodes.push(exitCode);
  }
  expect(exitCodes).toEqual([0, 3]);
});
