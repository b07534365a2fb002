import { describe, expect, test } from '@jest/globals';
import { gcpPlan } from '../../providers/gcp/plan/index.js';
import { CloudPlan } from '../../src/gate/deployment.js';
import { readStackExport } from '../../src/plan/stack-export.js';
import { GcpProgram, judged, later, machineOf, verdicts } from '../support/gate/gcp-plan.js';

const at = (network: unknown, accessConfigs: unknown = [{}]) => ({ networkInterfaces: [{ network, accessConfigs }] });

describe('spellings of one network', () => {
  const spellings = [
    'net',
    'global/networks/net',
    'projects/p/global/networks/net',
    'https://www.googleapis.com/compute/v1/projects/p/global/networks/net',
    'https://compute.googleapis.com/compute/beta/projects/p/global/networks/net',
  ];

  test.each(spellings)('%s', (network) => {
    const program = new GcpProgram()
      .network('vpc', { name: 'net' })
      .firewall('ssh', { network })
      .vm('web', at(network));
    expect(judged(program, 'web')).toBe('allowed');
    const linked = new GcpProgram()
      .network('vpc', { name: 'net' })
      .firewall('ssh', { network: later('vpc') })
      .vm('web', at(network));
    expect(judged(linked, 'web')).toBe('allowed');
  });

  test('in a program that does not say its project', () => {
    const program = (network: string) =>
      new GcpProgram()
        .provider({})
        .network('vpc', { name: 'net' })
        .firewall('ssh', { network: later('vpc') })
        .vm('web', at(network));
    for (const network of spellings) expect(judged(program(network), 'web')).toBe('allowed');
  });

  test('of another project', () => {
    const other = 'projects/other/global/networks/net';
    const program = new GcpProgram().network('vpc', { name: 'net' }).firewall('ssh', { network: later('vpc') });
    expect(judged(program.vm('web', at(other)), 'web')).toBe('unknown, declared denied');
    const both = new GcpProgram()
      .network('vpc', { name: 'net', project: 'other' })
      .firewall('ssh', { network: other, project: 'other' })
      .vm('web', at(other));
    expect(judged(both, 'web')).toBe('allowed');
  });
});

test('two networks with one name in two projects', () => {
  const program = new GcpProgram()
    .network('a', { name: 'net', project: 'a' })
    .network('b', { name: 'net', project: 'b' })
    .firewall('ssh', { network: 'net', project: 'a' })
    .vm('in-a', { ...at('net'), project: 'a' })
    .vm('in-b', { ...at('net'), project: 'b' });
  expect(judged(program, 'in-a')).toBe('allowed');
  expect(judged(program, 'in-b')).toBe('denied');
});

test('two resources with one name each of other types', () => {
  const program = new GcpProgram()
    .network('net')
    .firewall('x')
    .vm('x2')
    .add('compute:Subnetwork', 'y', {
      network: later('net'),
      ipCidrRange: '10.0.0.0/24',
      name: 'net',
    });
  expect(judged(program, 'x2')).toBe('allowed');
});

describe('networks that the program does not make', () => {
  test('that it names', () => {
    const named = 'projects/host/global/networks/shared';
    const program = new GcpProgram().firewall('ssh', { network: named }).vm('web', at(named));
    expect(judged(program, 'web')).toBe('unknown, declared allowed');
    expect(judged(new GcpProgram().vm('web', at(named)), 'web')).toBe('unknown, declared denied');
    expect(judged(new GcpProgram().vm('web', at(named, [])), 'web')).toBe('denied');
  });

  test('that it reads', () => {
    const read = { op: 'read', id: 'projects/p/global/networks/net', outputs: { name: 'net' } };
    const program = new GcpProgram().add('compute:Network', 'net', { name: 'net' }, read).vm('web');
    expect(judged(program, 'web')).toBe('unknown, declared denied');
    expect(judged(program.firewall('ssh'), 'web')).toBe('unknown, declared allowed');
  });

  test('of a subnet that it names', () => {
    const subnetwork = 'projects/host/regions/us-central1/subnetworks/shared';
    const program = new GcpProgram().vm('web', { networkInterfaces: [{ subnetwork, accessConfigs: [{}] }] });
    expect(judged(program, 'web')).toBe('unknown, declared denied');
  });
});

describe('a subnet by its name, in a project that an interface says', () => {
  const program = (subnetworkProject: unknown) =>
    new GcpProgram()
      .network('open', { name: 'net', project: 'host' })
      .network('shut', { name: 'net', project: 'p' })
      .add('compute:Subnetwork', 'theirs', {
        name: 'sub',
        project: 'host',
        network: later('open'),
        ipCidrRange: '10.0.0.0/24',
      })
      .add('compute:Subnetwork', 'own', { name: 'sub', network: later('shut'), ipCidrRange: '10.1.0.0/24' })
      .firewall('ssh', { network: later('open'), project: 'host' })
      .vm('web', { networkInterfaces: [{ subnetwork: 'sub', subnetworkProject, accessConfigs: [{}] }] });

  test.each([
    ['host', 'allowed'],
    ['p', 'denied'],
    [undefined, 'denied'],
    [later(), 'unknown, declared denied'],
  ])('%s', (project, verdict) => {
    expect(judged(program(project), 'web')).toBe(verdict);
  });
});

describe('links that are not sure', () => {
  test('a rule of one of two networks', () => {
    const program = new GcpProgram()
      .network('net')
      .network('net2')
      .firewall('ssh', { network: later('net', 'net2') })
      .vm('web');
    expect(judged(program, 'web')).toBe('unknown, declared allowed');
  });

  test('a machine in one of two networks', () => {
    const program = new GcpProgram().network('net').network('net2').firewall('ssh');
    const either = at(later('net', 'net2'));
    expect(judged(program.vm('web', either), 'web')).toBe('unknown, declared allowed');
    expect(judged(program.firewall('ssh2', { network: later('net2') }).vm('web2', either), 'web2')).toBe('allowed');
  });

  test('a rule by the subnet of its network', () => {
    const program = new GcpProgram()
      .network('net')
      .add('compute:Subnetwork', 'sub', { network: later('net'), ipCidrRange: '10.0.0.0/24' })
      .firewall('ssh', { network: later('sub') })
      .vm('web');
    expect(judged(program, 'web')).toBe('allowed');
  });
});

test('the names of one thing twice', () => {
  const program = new GcpProgram()
    .network('net')
    .firewall('one', { name: 'same' })
    .firewall('two', { name: 'same' })
    .firewall('three', { name: 'same', project: 'other' })
    .firewall('four');
  expect(program.plan().conflicts()).toEqual([
    { urn: program.urn('two'), message: expect.stringContaining('"two" and "one"') },
  ]);
});

test('a state after the deployment says the same', () => {
  const urn = (type: string, name: string) => `urn:pulumi:s::p::gcp:compute/${type}::${name}`;
  const self = 'https://www.googleapis.com/compute/v1/projects/p/';
  const resources = [
    {
      urn: urn('network:Network', 'net'),
      type: 'gcp:compute/network:Network',
      custom: true,
      id: 'projects/p/global/networks/net-1',
      outputs: { name: 'net-1', selfLink: `${self}global/networks/net-1`, project: 'p' },
    },
    {
      urn: urn('firewall:Firewall', 'ssh'),
      type: 'gcp:compute/firewall:Firewall',
      custom: true,
      id: 'projects/p/global/firewalls/ssh-1',
      outputs: {
        name: 'ssh-1',
        network: `${self}global/networks/net-1`,
        allows: [{ protocol: 'tcp', ports: ['22'] }],
        denies: [],
        sourceRanges: ['0.0.0.0/0'],
        targetTags: null,
      },
    },
    {
      urn: urn('instance:Instance', 'web'),
      type: 'gcp:compute/instance:Instance',
      custom: true,
      id: 'projects/p/zones/z-1/instances/web-1',
      outputs: {
        name: 'web-1',
        networkInterfaces: [
          { network: `${self}global/networks/net-1`, networkIp: '10.0.0.2', accessConfigs: [{ natIp: '203.0.113.9' }] },
        ],
      },
    },
  ];
  const plan = readStackExport({ version: 3, deployment: { resources } });
  if (!plan) throw new Error('no plan');
  const assumptions = { unseenControls: 'assume-none', defaultNetwork: 'likely' } as const;
  const cloud = new CloudPlan(gcpPlan, plan, { port: 22, isStrict: false, maxForks: 64, assumptions });
  const judgement = cloud.judge(machineOf(cloud, 'web'));
  expect(verdicts(judgement.ways)).toEqual(['allowed']);
  expect(judgement.ways[0]?.answers[0]?.instanceId).toBe('projects/p/zones/z-1/instances/web-1');
});
