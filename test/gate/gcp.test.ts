import { describe, expect, test } from '@jest/globals';
import { gcpPlan } from '../../providers/gcp/plan/index.js';
import { explain } from '../../src/ask/explain.js';
import { readPreview } from '../../src/plan/preview.js';
import { GcpProgram, judged, later, relays, verdicts } from '../support/gate/gcp-plan.js';

const nic = (inputs: object) => ({ networkInterfaces: [{ accessConfigs: [{}], ...inputs }] });

describe('a rule and a machine by the network on which they depend', () => {
  test('pulumi#82 an external address', () => {
    const program = new GcpProgram().network('net').firewall('ssh').vm('web');
    expect(judged(program, 'web')).toBe('allowed');
  });

  test.each([[[]], [undefined], [null]])('pulumi#82 accessConfigs %j', (accessConfigs) => {
    const program = new GcpProgram().network('net').firewall('ssh');
    expect(judged(program.vm('web', nic({ network: later('net'), accessConfigs })), 'web')).toBe('denied');
  });

  test('pulumi#82 an external address that is not assigned yet is shown as that', () => {
    const judgement = new GcpProgram().network('net').firewall('ssh').vm('web').judge('web');
    const [answer] = judgement.ways[0]?.answers ?? [];
    if (!answer) throw new Error('no answer');
    const report = explain(answer.planned.cloud, { target: answer.instanceId, from: '198.51.100.7' }).report;
    expect(JSON.stringify(report)).toContain('not assigned yet');
    expect(JSON.stringify(report)).not.toMatch(/"24\d\.|"25\d\./);
  });
});

/** The program gcp-ts-vm-multi-nic: three networks, IAP allowed into the first, the first interface public. */
function multiNic(): GcpProgram {
  const program = new GcpProgram();
  for (const n of [0, 1, 2]) {
    program
      .network(`net-${n}`)
      .add('compute:Subnetwork', `subnet-${n}`, {
        network: later(`net-${n}`),
        ipCidrRange: `10.${10 + n}.0.0/24`,
        region: 'us-central1',
      })
      .firewall(`internal-${n}`, {
        network: later(`net-${n}`),
        direction: 'INGRESS',
        sourceRanges: [`10.${10 + n}.0.0/24`],
        allows: [{ protocol: 'icmp' }, { protocol: 'tcp', ports: ['0-65535'] }],
      });
  }
  program.firewall('iap', { network: later('net-0'), direction: 'INGRESS', sourceRanges: ['35.235.240.0/20'] });
  const subnets = ['subnet-0', 'subnet-1', 'subnet-2'];
  const networkInterfaces = subnets.map((_, n) => ({
    subnetwork: later(...subnets),
    nicType: 'GVNIC',
    accessConfigs: n === 0 ? [{}] : [],
  }));
  return program
    .add('serviceaccount:Account', 'sa', { accountId: 'multi-nic-vm' })
    .vm('vm', { networkInterfaces, tags: ['multi-nic-demo'], serviceAccount: { email: later('sa') } });
}

/** The interfaces of an instance to which relays get. */
function relayed(cloud: Parameters<typeof explain>[0], target: string): readonly string[] {
  const { report } = explain(cloud, { target, from: '35.235.240.9' });
  const findings = report?.targets[0]?.findings ?? [];
  return findings.filter(({ verdict }) => verdict === 'reachable').map((finding) => finding.interface ?? '');
}

test('pulumi#83 several interfaces in subnets of which nobody says which is whose', () => {
  const judgement = multiNic().judge('vm');
  expect(judgement.ways).toHaveLength(6);
  expect(verdicts(judgement.ways)).toEqual(Array.from({ length: 6 }, () => 'denied'));
  expect(verdicts(judgement.ways, relays)).toEqual(Array.from({ length: 6 }, () => 'allowed'));
  const interfaces = judgement.ways.flatMap(({ answers }) =>
    answers.map(({ planned, instanceId }) => relayed(planned.cloud, instanceId).join()),
  );
  expect(interfaces.sort()).toEqual(['nic0', 'nic0', 'nic1', 'nic1', 'nic2', 'nic2']);
});

describe('what is not known of a machine', () => {
  test('pulumi#85 its tags, where a rule asks for one', () => {
    const program = new GcpProgram().network('net').firewall('ssh', { targetTags: ['ssh'] });
    expect(judged(program.vm('web', { tags: later() }), 'web')).toBe('unknown, declared denied');
  });

  test('pulumi#85 one of its tags, where it has the one that a rule asks for', () => {
    const program = new GcpProgram().network('net').firewall('ssh', { targetTags: ['ssh'] });
    expect(judged(program.vm('web', { tags: ['ssh', later()] }), 'web')).toBe('allowed');
  });

  test('one of its tags, by which a rule may deny', () => {
    const denies = { allows: undefined, denies: [{ protocol: 'all' }], priority: 10, targetTags: ['shut'] };
    const program = new GcpProgram().network('net').firewall('ssh').firewall('no', denies);
    expect(judged(program.vm('web', { tags: ['web', later()] }), 'web')).toBe('unknown, declared allowed');
  });

  test('its tags, where no rule asks for any', () => {
    expect(judged(new GcpProgram().network('net').firewall('ssh').vm('web', { tags: later() }), 'web')).toBe('allowed');
    expect(judged(new GcpProgram().network('net').vm('web', { tags: later() }), 'web')).toBe('denied');
  });

  test('whether it has an external address', () => {
    const inputs = nic({ network: later('net'), accessConfigs: later() });
    expect(judged(new GcpProgram().network('net').firewall('ssh').vm('web', inputs), 'web')).toBe(
      'unknown, declared denied',
    );
    expect(judged(new GcpProgram().network('net').vm('web', inputs), 'web')).toBe('denied');
  });

  test('its network, and all of its interfaces', () => {
    const open = new GcpProgram().network('net').firewall('ssh');
    expect(judged(open.vm('web', nic({ network: later() })), 'web')).toBe('unknown, declared denied');
    expect(judged(open.vm('web2', { networkInterfaces: later() }), 'web2')).toBe('unknown, declared denied');
    expect(judged(open.vm('web3', nic({ network: later(), accessConfigs: [] })), 'web3')).toBe('denied');
  });
});

describe('the default network', () => {
  const program = new GcpProgram().vm('web', nic({ network: 'default' }));

  test('pulumi#86 by its name', () => {
    expect(judged(program, 'web')).toBe('unknown, declared allowed');
  });

  test.each(['global/networks/default', 'projects/p/global/networks/default', undefined])('as %s', (network) => {
    expect(judged(new GcpProgram().vm('web', nic({ network })), 'web')).toBe('unknown, declared allowed');
  });

  test('as it is taken to be', () => {
    expect(judged(program, 'web', { defaultNetwork: 'public' })).toBe('allowed');
    expect(judged(program, 'web', { defaultNetwork: 'public', port: 80 })).toBe('denied');
    expect(judged(program, 'web', { defaultNetwork: 'unknown' })).toBe('unknown, declared denied');
  });

  test('without an external address', () => {
    const closed = new GcpProgram().vm('web', nic({ network: 'default', accessConfigs: [] }));
    expect(judged(closed, 'web')).toBe('denied');
  });

  test('of which the program declares one', () => {
    const own = new GcpProgram().network('net', { name: 'default' }).vm('web', nic({ network: 'default' }));
    expect(judged(own, 'web')).toBe('denied');
  });
});

describe('policies of folders and organisations, which no program shows', () => {
  const open = new GcpProgram().network('net').firewall('ssh').vm('web');
  const closed = new GcpProgram().network('net').vm('web');

  test('gcp#150 a machine that a rule lets everybody to', () => {
    expect(judged(open, 'web', { unseenControls: 'unknown' })).toBe('unknown, declared allowed');
    expect(judged(open, 'web')).toBe('allowed');
  });

  test('gcp#151 a machine without any rule', () => {
    expect(judged(closed, 'web', { unseenControls: 'unknown' })).toBe('unknown, declared denied');
    expect(judged(closed, 'web')).toBe('denied');
  });

  test('gcp#150 what is taken to be so is said', () => {
    const [way] = open.judge('web').ways;
    expect(way?.answers[0]?.planned.assumed).toEqual([
      'no firewall policy of a folder or an organisation that is not declared',
    ]);
  });
});

describe('what is not known of a rule', () => {
  const web = (inputs: object, ...more: readonly object[]) => {
    const program = new GcpProgram().network('net').firewall('ssh', inputs).vm('web');
    for (const [index, one] of more.entries()) program.firewall(`more-${index}`, one);
    return judged(program, 'web');
  };

  test('gcp#152 its sources', () => {
    expect(web({ sourceRanges: later() })).toBe('unknown, declared denied');
    expect(web({ sourceRanges: [later()] })).toBe('unknown, declared denied');
    expect(web({ sourceRanges: [later(), '0.0.0.0/0'] })).toBe('allowed');
    expect(web({ sourceRanges: later() }, {})).toBe('allowed');
  });

  test('its ports', () => {
    expect(web({ allows: [{ protocol: 'tcp', ports: [later()] }] })).toBe('unknown, declared denied');
    expect(web({ allows: [{ protocol: 'tcp', ports: later() }] })).toBe('unknown, declared denied');
    expect(web({ allows: [{ protocol: 'tcp', ports: [later(), '20-25'] }] })).toBe('allowed');
    expect(web({ allows: [{ protocol: 'udp', ports: [later()] }] })).toBe('denied');
  });

  test('its protocol', () => {
    expect(web({ allows: [{ protocol: later(), ports: ['22'] }] })).toBe('unknown, declared denied');
    expect(web({ allows: [{ protocol: later(), ports: ['80'] }] })).toBe('denied');
  });

  test('its tags, its number, whether it holds', () => {
    expect(web({ targetTags: later() })).toBe('unknown, declared denied');
    expect(web({ disabled: later() })).toBe('unknown, declared allowed');
    expect(web({ direction: later() })).toBe('unknown, declared allowed');
    const denies = { allows: undefined, denies: [{ protocol: 'tcp' }], priority: 500 };
    expect(web({ priority: later() }, denies)).toBe('unknown, declared denied');
    expect(web({ priority: later() })).toBe('unknown, declared allowed');
  });

  test('its network', () => {
    expect(web({ network: later() })).toBe('unknown, declared denied');
  });

  test('everything: it has neither', () => {
    expect(web({ allows: undefined })).toBe('unknown, declared denied');
    expect(web({ allows: later() })).toBe('unknown, declared denied');
    // Of one number what denies decides.
    expect(web({}, { allows: undefined, denies: later() })).toBe('unknown, declared allowed');
  });
});

test('pulumi#93 outputs that a preview shows of half the resources', () => {
  const shown = { outputs: { sourceRanges: later(), networkInterfaces: later(), tags: later(), name: 'x' } };
  const program = new GcpProgram()
    .network('net')
    .add('compute:Firewall', 'ssh', { network: later('net'), allows: [{ protocol: 'tcp' }] }, shown)
    .add('compute:Instance', 'web', nic({ network: later('net') }), shown)
    .add('compute:Instance', 'inside', nic({ network: later('net'), accessConfigs: [] }), shown);
  expect(judged(program, 'web')).toBe('allowed');
  expect(judged(program, 'inside')).toBe('denied');
});

test('what decides and is not known is named', () => {
  const cloud = new GcpProgram()
    .network('net')
    .firewall('ssh', { sourceRanges: [later()] })
    .vm('web', nic({ network: later('net'), accessConfigs: [{ natIp: later() }] }))
    .plan();
  const { unsettled } = cloud.lowered();
  expect(unsettled).toEqual([
    { urn: expect.stringContaining('::ssh'), path: 'sourceRanges[0]', why: 'until deployed' },
  ]);
});

test('proxies whose machines are not told are named once for each type', () => {
  const cloud = new GcpProgram()
    .add('compute:TargetSSLProxy', 'ssl')
    .add('compute:TargetSSLProxy', 'ssl2')
    .add('compute:RegionTargetTcpProxy', 'tcp')
    .add('compute:TargetHttpProxy', 'http')
    .plan();
  expect(cloud.remarks().map(({ message }) => message)).toEqual([
    'resources of the type gcp:compute/regionTargetTcpProxy:RegionTargetTcpProxy are not judged (unsupported-type)',
    'resources of the type gcp:compute/targetSSLProxy:TargetSSLProxy are not judged (unsupported-type)',
  ]);
});

test.each([
  ['gcp:compute/instance:Instance', 'yes'],
  ['gcp:index/instance:Instance', 'yes'],
  ['gcp:compute/instanceGroupMembership:InstanceGroupMembership', 'looks like one'],
  ['gcp:compute/networkPeering:NetworkPeering', 'looks like one'],
  ['gcp:compute/router:Router', 'looks like one'],
  ['gcp:compute/routerPeer:RouterPeer', 'looks like one'],
  ['gcp:compute/vPNTunnel:VPNTunnel', 'looks like one'],
  ['gcp:compute/interconnectAttachment:InterconnectAttachment', 'looks like one'],
  ['gcp:compute/networkEndpointGroup:NetworkEndpointGroup', 'looks like one'],
  ['gcp:compute/targetSSLProxy:TargetSSLProxy', 'yes'],
  ['gcp:compute/instanceIAMMember:InstanceIAMMember', 'no'],
  ['gcp:sql/databaseInstance:DatabaseInstance', 'no'],
  ['aws:ec2/instance:Instance', 'no'],
])('%s: is it understood? %s', (type, knows) => {
  const [record] =
    readPreview({ changeSummary: {}, steps: [{ op: 'create', newState: { urn: 'urn', type, custom: true } }] })
      ?.records ?? [];
  expect(record && gcpPlan.knows(record)).toBe(knows);
});
