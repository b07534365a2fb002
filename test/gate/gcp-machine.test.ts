import { describe, expect, test } from '@jest/globals';
import { AddressSet } from '../../src/set/index.js';
import { GcpProgram, judged, later, machineOf } from '../support/gate/gcp-plan.js';

const nics = (...list: readonly object[]) => ({ networkInterfaces: list });
const face = { network: later('net'), accessConfigs: [{}] };

/** A network in which everybody is let to port 22. */
function open(inputs: object = {}): GcpProgram {
  return new GcpProgram().network('net', inputs).firewall('ssh');
}

describe('templates', () => {
  const template = (kind = '', inputs: object = {}) =>
    open().add(`compute:${kind}InstanceTemplate`, 'template', { ...nics(face), ...inputs });

  test.each(['InstanceGroupManager', 'RegionInstanceGroupManager'])('%s', (type) => {
    const group = (inputs: object = {}) =>
      template().add(`compute:${type}`, 'group', { versions: [{ instanceTemplate: later('template') }], ...inputs });
    expect(judged(group({ targetSize: 2 }), 'group')).toBe('allowed');
    expect(judged(group(), 'group')).toBe('allowed');
    expect(judged(group({ targetSize: later() }), 'group')).toBe('allowed');
    expect(judged(group({ targetSize: 0 }), 'group')).toBe('none');
    expect(judged(group({ versions: [{ instanceTemplate: 'foreign' }] }), 'group')).toBe('unknown, declared denied');
    expect(judged(group({ versions: later() }), 'group')).toBe('unknown, declared denied');
    const { kind, by } = group().judge('group');
    expect({ kind, by }).toEqual({ kind: 'instance group', by: [group().urn('template')] });
  });

  test('of a group with two of them, one of which is open', () => {
    const program = template('', { tags: ['a'] })
      .add('compute:InstanceTemplate', 'second', nics({ network: later('net'), accessConfigs: [] }))
      .add('compute:InstanceGroupManager', 'group', {
        versions: [{ instanceTemplate: later('template') }, { instanceTemplate: later('second') }],
      });
    expect(judged(program, 'group')).toBe('allowed');
  });

  test('of a region', () => {
    const versions = [{ instanceTemplate: later('template') }];
    const program = template('Region').add('compute:RegionInstanceGroupManager', 'group', { versions });
    expect(judged(program, 'group')).toBe('allowed');
  });

  test('that nothing starts', () => {
    const cloud = template().plan();
    const judgement = cloud.judge(machineOf(cloud, 'template'));
    expect(judgement.kind).toBe('instance template');
    expect(judgement.ways.flatMap(({ answers }) => answers)).toEqual([]);
  });

  test('of an instance, which may say otherwise', () => {
    const from = (inputs: object, source: object = {}) =>
      judged(
        template('', source).add('compute:InstanceFromTemplate', 'vm', {
          sourceInstanceTemplate: later('template'),
          ...inputs,
        }),
        'vm',
      );
    expect(from({})).toBe('allowed');
    expect(from(nics({ network: later('net'), accessConfigs: [] }))).toBe('denied');
    expect(from(nics(face), nics({ network: later('net') }))).toBe('allowed');
    expect(from({ sourceInstanceTemplate: 'foreign' })).toBe('unknown, declared denied');
    expect(from({ sourceInstanceTemplate: 'foreign', ...nics(face) })).toBe('allowed');
  });
});

test('a machine from an image of a machine', () => {
  const image = { sourceMachineImage: 'image' };
  expect(judged(open().add('compute:InstanceFromMachineImage', 'vm', image), 'vm')).toBe('unknown, declared denied');
  expect(judged(open().add('compute:InstanceFromMachineImage', 'vm', { ...image, ...nics(face) }), 'vm')).toBe(
    'allowed',
  );
});

describe('states', () => {
  test.each([
    ['RUNNING', 'allowed'],
    ['TERMINATED', 'denied'],
    ['SUSPENDED', 'denied'],
    [later(), 'unknown, declared allowed'],
  ])('%s', (desiredStatus, verdict) => {
    expect(judged(open().vm('web', { desiredStatus }), 'web')).toBe(verdict);
  });
});

describe('routes', () => {
  test('that a network is made without', () => {
    const without = (value: unknown) => open({ deleteDefaultRoutesOnCreate: value }).vm('web');
    expect(judged(without(true), 'web')).toBe('denied');
    expect(judged(without(later()), 'web')).toBe('unknown, declared allowed');
    const route = { network: later('net'), destRange: '0.0.0.0/0', nextHopGateway: 'default-internet-gateway' };
    expect(judged(without(true).add('compute:Route', 'route', route), 'web')).toBe('allowed');
    const tagged = without(true).add('compute:Route', 'route', { ...route, tags: ['web'] });
    expect(judged(tagged, 'web')).toBe('denied');
    expect(judged(tagged.vm('tagged', { tags: ['web'] }), 'tagged')).toBe('allowed');
    expect(judged(tagged.vm('perhaps', { tags: [later()] }), 'perhaps')).toBe('unknown, declared denied');
  });

  test('that lead elsewhere', () => {
    const route = (inputs: object) =>
      judged(
        open()
          .vm('web')
          .add('compute:Route', 'route', { network: later('net'), destRange: '0.0.0.0/1', ...inputs }),
        'web',
      );
    expect(route({ nextHopVpnTunnel: 'tunnel' })).toBe('partial');
    expect(route({ nextHopIp: '10.0.0.9' })).toBe('partial');
    expect(route({ nextHopIp: later(), destRange: later() })).toBe('unknown, declared allowed');
    expect(route({})).toBe('unknown, declared allowed');
  });
});

test('the way back to the machines of the network is that of their subnet', () => {
  const inside = AddressSet.of('10.0.0.128/25');
  const program = (network: object, subnet: object = {}) =>
    open(network)
      .add('compute:Subnetwork', 'sub', { network: later('net'), ipCidrRange: '10.0.0.0/24', ...subnet })
      .vm('web', nics({ subnetwork: later('sub') }));
  expect(judged(program({}), 'web', {}, inside)).toBe('allowed');
  expect(judged(program({ deleteDefaultRoutesOnCreate: true }), 'web', {}, inside)).toBe('allowed');
  const secondary = { ipCidrRange: '10.9.0.0/24', secondaryIpRanges: [{ rangeName: 'x', ipCidrRange: '10.0.0.0/24' }] };
  expect(judged(program({}, secondary), 'web', {}, inside)).toBe('allowed');
  const auto = open({ autoCreateSubnetworks: true }).vm('web', nics({ network: later('net') }));
  expect(judged(auto, 'web', {}, AddressSet.of('10.128.0.0/9'))).toBe('allowed');
});

describe('destinations', () => {
  const to = (destinationRanges: unknown, more: object = {}) => {
    const program = new GcpProgram()
      .network('net')
      .add('compute:Subnetwork', 'sub', { network: later('net'), ipCidrRange: '10.0.0.0/24' })
      .firewall('ssh', { destinationRanges })
      .vm('web', nics({ subnetwork: later('sub'), accessConfigs: [{}], ...more }));
    return judged(program, 'web');
  };

  test('that hold the whole subnet, none of it, or a part', () => {
    expect(to(['10.0.0.0/16'])).toBe('allowed');
    expect(to(['10.0.1.0/24'])).toBe('denied');
    expect(to(['10.0.0.0/25'])).toBe('unknown, declared allowed');
    expect(to(['10.0.0.0/25'], { networkIp: '10.0.0.200' })).toBe('denied');
    expect(to(['10.0.0.0/25'], { networkIp: later() })).toBe('unknown, declared allowed');
    expect(to(later())).toBe('unknown, declared denied');
  });
});

describe('IPv6', () => {
  const all6 = AddressSet.of('2000::/3').subtract(AddressSet.of('2600:2d00:1:7::/64'));
  const dual = { stackType: 'IPV4_IPV6', ipv6AccessConfigs: [{ networkTier: 'PREMIUM' }] };

  test('an address that is asked for', () => {
    const program = (sourceRanges: readonly string[], more: object) =>
      new GcpProgram()
        .network('net')
        .firewall('ssh', { sourceRanges })
        .vm('web', nics({ network: later('net'), ...more }));
    expect(judged(program(['::/0'], dual), 'web', {}, all6)).toBe('allowed');
    expect(judged(program(['0.0.0.0/0'], dual), 'web', {}, all6)).toBe('denied');
    expect(judged(program(['::/0'], { stackType: 'IPV4_IPV6' }), 'web', {}, all6)).toBe('denied');
    expect(judged(program(['::/0'], { ...dual, stackType: 'IPV6_ONLY' }), 'web', {}, all6)).toBe('allowed');
    expect(judged(program(['::/0'], { ipv6AccessConfigs: later() }), 'web', {}, all6)).toBe('unknown, declared denied');
  });
});

describe('balancers', () => {
  const inside = () => open().vm('web', nics({ network: later('net') }));
  const rule = (inputs: object) => ({ loadBalancingScheme: 'EXTERNAL', ipProtocol: 'TCP', ...inputs });

  test('a target instance', () => {
    const forwarded = (inputs: object) =>
      inside()
        .add('compute:TargetInstance', 'target', { instance: later('web') })
        .add('compute:ForwardingRule', 'forward', rule({ target: later('target'), ...inputs }));
    expect(judged(forwarded({ portRange: '22' }), 'web')).toBe('allowed');
    expect(judged(forwarded({ portRange: '80' }), 'web')).toBe('denied');
    expect(judged(forwarded({ portRange: later() }), 'web')).toBe('unknown, declared denied');
  });

  test('a pool, of machines and of a group', () => {
    const pool = inside()
      .add('compute:TargetPool', 'pool', { instances: [later('web')] })
      .add('compute:ForwardingRule', 'forward', rule({ target: later('pool'), portRange: '20-30' }))
      .add('compute:InstanceTemplate', 'template', nics({ network: later('net') }))
      .add('compute:InstanceGroupManager', 'group', {
        versions: [{ instanceTemplate: later('template') }],
        targetPools: [later('pool')],
      });
    expect(judged(pool, 'web')).toBe('allowed');
    expect(judged(pool, 'group')).toBe('allowed');
    expect(judged(pool.vm('other', nics({ network: later('net') })), 'other')).toBe('denied');
  });

  test('a backend service with a group', () => {
    const service = (scheme: string) =>
      inside()
        .add('compute:InstanceGroup', 'group', { instances: [later('web')] })
        .add('compute:RegionBackendService', 'service', {
          backends: [{ group: later('group') }],
          loadBalancingScheme: scheme,
        })
        .add('compute:ForwardingRule', 'forward', {
          loadBalancingScheme: scheme,
          backendService: later('service'),
          ports: ['22'],
        });
    expect(judged(service('EXTERNAL'), 'web')).toBe('allowed');
    expect(judged(service('INTERNAL'), 'web')).toBe('denied');
  });

  test.each([
    [[{ name: 'ssh', port: 22 }], 'allowed'],
    [[{ name: 'ssh', port: 80 }], 'denied'],
    [[{ name: 'web', port: 22 }], 'denied'],
    [[{ name: 'ssh', port: later() }], 'unknown, declared denied'],
  ])('a proxy, by the port to which the group gives the name: %j', (namedPorts, verdict) => {
    const program = inside()
      .add('compute:InstanceGroup', 'group', { instances: [later('web')], namedPorts })
      .add('compute:BackendService', 'service', { backends: [{ group: later('group') }], portName: 'ssh' })
      .add('compute:TargetTCPProxy', 'proxy', { backendService: later('service') })
      .add('compute:GlobalForwardingRule', 'forward', rule({ target: later('proxy'), portRange: '443' }));
    expect(judged(program, 'web')).toBe(verdict);
  });

  test('a rule that leads to a proxy leads to no pool', () => {
    const program = inside()
      .add('compute:TargetPool', 'pool', { instances: [later('web')] })
      .add('compute:TargetHttpProxy', 'proxy')
      .add('compute:GlobalForwardingRule', 'forward', rule({ target: later('proxy'), portRange: '80' }));
    expect(judged(program, 'web')).toBe('denied');
  });
});

describe('hold-outs', () => {
  test('gcp-go-webserver: a rule without any source', () => {
    const program = new GcpProgram()
      .network('net', { autoCreateSubnetworks: true })
      .firewall('firewall', { sourceRanges: undefined, allows: [{ protocol: 'tcp', ports: ['22', '80'] }] })
      .vm('web');
    expect(judged(program, 'web')).toBe('allowed');
  });

  test('gcp-py-network-component: a rule for port 80 only', () => {
    const program = new GcpProgram()
      .network('net')
      .add('compute:Subnetwork', 'sub', { network: later('net'), ipCidrRange: '10.0.0.0/24' })
      .firewall('http', { allows: [{ protocol: 'tcp', ports: ['80'] }] })
      .add('compute:Address', 'ip')
      .vm('web', nics({ network: later('net'), subnetwork: later('sub'), accessConfigs: [{ natIp: later('ip') }] }));
    expect(judged(program, 'web')).toBe('denied');
  });
});
