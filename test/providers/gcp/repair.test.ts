import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../src/index.js';
import { applyCommand, shellWords } from '../../support/gcp/apply-command.js';
import { CLIENT, type FixRow, fixRows } from '../../support/gcp/fix-row.js';
import { type Fixture, f0 } from '../../support/gcp/fixture.js';
import { policyRule } from '../../support/gcp/policies.js';
import { l4 } from '../../support/gcp/records.js';
import { SSH, withV6 } from '../../support/gcp/topology.js';

type FixText = FixRow['fixes'][number];

const gains = [CLIENT];

/** allow-ssh lets in the asking client and nobody else. */
function onlyClient(f: Fixture): Fixture {
  return f.rule('allow-ssh', { sourceRanges: [CLIENT] });
}

/** A new rule for vm1: what differs from one for TCP 22, the client and the tag web. */
function opening(fix: Partial<FixText> & { readonly cause?: string; readonly priority?: number } = {}): FixText {
  const { cause = 'gcp/fw-implied-deny', priority, ...more } = fix;
  const at = priority === undefined ? '' : `--priority=${priority} `;
  return {
    for: cause,
    command: `gcloud compute firewall-rules create allow-tcp-22-to-vm1 --project=p --network=net1 --direction=INGRESS ${at}--allow=tcp:22 --source-ranges=${CLIENT} --target-tags=web`,
    pulumi: `new gcp.compute.Firewall("allow-tcp-22-to-vm1", { network: "net1", allows: [{ protocol: "tcp", ports: ["22"] }], sourceRanges: ["${CLIENT}"], targetTags: ["web"] });`,
    gains,
    ...more,
  };
}

const starting: FixText = {
  for: 'gcp/inst-stopped',
  command: 'gcloud compute instances start vm1 --zone=us-central1-a --project=p',
  pulumi: 'desiredStatus: "RUNNING"',
  gains,
};

const routing: FixText = {
  for: 'gcp/rt-return-missing',
  command:
    'gcloud compute routes create default-internet --project=p --network=net1 --destination-range=0.0.0.0/0 --next-hop-gateway=default-internet-gateway --priority=1000',
  pulumi:
    'new gcp.compute.Route("default-internet", { network: "net1", destRange: "0.0.0.0/0", nextHopGateway: "default-internet-gateway" });',
  gains,
};

describe('an instance that does not run', () => {
  fixRows([
    {
      name: 'is started',
      given: (f) => onlyClient(f).vm('vm1', { status: 'TERMINATED' }),
      fixes: [starting],
    },
    {
      name: 'is resumed',
      given: (f) => onlyClient(f).vm('vm1', { status: 'SUSPENDED' }),
      fixes: [
        {
          ...starting,
          for: 'gcp/inst-suspended',
          command: starting.command.replace('instances start', 'instances resume'),
        },
      ],
    },
    {
      name: 'and changes its state by itself has nothing to run',
      given: (f) => onlyClient(f).vm('vm1', { status: 'STAGING' }),
      checked: false,
      fixes: [],
    },
    {
      name: 'and has neither a rule nor a route gets all three, in packet order',
      given: (f) => f.noRule('allow-ssh').noRoute('default-internet').vm('vm1', { status: 'TERMINATED' }),
      fixes: [{ ...starting, gains: [] }, opening({ gains: [] }), routing],
    },
  ]);
});

describe('no rule', () => {
  fixRows([
    { name: 'at all: one for the client and the tag', given: (f) => f.noRule('allow-ssh'), fixes: [opening()] },
    {
      name: 'for an instance without a tag: one for the whole network, which is said',
      given: (f) => f.noRule('allow-ssh').vm('vm1', { tags: undefined }),
      fixes: [
        opening({
          command: opening().command.replace(' --target-tags=web', ''),
          pulumi: opening().pulumi.replace(', targetTags: ["web"]', ''),
          note: 'the rule is for every instance of net1, since this one has no tag',
        }),
      ],
    },
    {
      name: 'for a prefix',
      given: (f) => f.noRule('allow-ssh'),
      from: '198.51.100.0/30',
      fixes: [
        opening({
          command: opening().command.replace(CLIENT, '198.51.100.0/30'),
          pulumi: opening().pulumi.replace(CLIENT, '198.51.100.0/30'),
          gains: ['198.51.100.0/30'],
        }),
      ],
    },
    {
      name: 'for the port',
      given: (f) => f,
      port: 2222,
      fixes: [
        opening({
          command: opening().command.replaceAll('22-to', '2222-to').replace('tcp:22', 'tcp:2222'),
          pulumi: opening().pulumi.replaceAll('22-to', '2222-to').replace('"22"', '"2222"'),
        }),
      ],
    },
    {
      name: 'for the family',
      given: (f) => withV6(f).rule('allow-ssh', { sourceRanges: ['0.0.0.0/0'] }),
      target: '2001:db8:1:1:0:1::',
      from: '2001:db8::9',
      fixes: [
        opening({
          command: opening().command.replace(CLIENT, '2001:db8::9/128'),
          pulumi: opening().pulumi.replace(CLIENT, '2001:db8::9/128'),
          gains: ['2001:db8::9/128'],
        }),
      ],
    },
    {
      name: 'for the service account',
      given: (f) => onlyClient(f).rule('allow-ssh', { targetServiceAccounts: ['other@p.iam.gserviceaccount.com'] }),
      fixes: [opening()],
    },
    {
      name: 'and the name that it would have is taken',
      given: (f) =>
        f
          .rule('allow-ssh', { sourceRanges: ['192.0.2.0/24'] })
          .rule('allow-tcp-22-to-vm1', { allowed: SSH, disabled: true, sourceRanges: ['192.0.2.1/32'] }),
      fixes: [
        opening({
          command: opening().command.replace('to-vm1', 'to-vm1-2'),
          pulumi: opening().pulumi.replace('to-vm1', 'to-vm1-2'),
        }),
      ],
    },
    {
      name: 'that is switched on: it is',
      given: (f) => onlyClient(f).rule('allow-ssh', { disabled: true }),
      fixes: [
        {
          for: 'gcp/fw-implied-deny',
          command: 'gcloud compute firewall-rules update allow-ssh --project=p --no-disabled',
          pulumi: 'disabled: false',
          gains,
        },
      ],
    },
    {
      name: 'for a tag of the instance: it gets the tag',
      given: (f) => onlyClient(f).rule('allow-ssh', { targetTags: ['ssh', 'admin'] }),
      fixes: [
        {
          for: 'gcp/fw-implied-deny',
          command: 'gcloud compute instances add-tags vm1 --zone=us-central1-a --project=p --tags=ssh',
          pulumi: 'tags: ["web","ssh"]',
          gains,
          note: 'every rule for the tag ssh is for the instance then',
        },
      ],
    },
  ]);
});

describe('a classic rule that denies', () => {
  const denied = l4('all');
  const cause = 'gcp/fw-classic-deny';
  fixRows([
    {
      name: 'is passed by one of a smaller number',
      given: (f) => f.rule('deny', { denied, priority: 900 }),
      fixes: [opening({ cause, priority: 899 })],
    },
    {
      name: 'of the number of the one that allows, too',
      given: (f) => f.rule('deny', { denied }),
      fixes: [opening({ cause, priority: 999 })],
    },
    {
      name: 'and another one before it: the first of them is passed',
      given: (f) => f.rule('deny', { denied, priority: 900 }).rule('deny-more', { denied, priority: 800 }),
      fixes: [opening({ cause, priority: 799 })],
    },
    {
      name: 'behind the rule that is missing',
      given: (f) => f.noRule('allow-ssh').rule('deny', { denied, priority: 500, sourceRanges: ['192.0.2.0/24'] }),
      fixes: [opening({ priority: 499 })],
    },
    {
      name: 'with the number 0 cannot be passed',
      given: (f) => f.rule('deny', { denied, priority: 0 }),
      checked: false,
      fixes: [],
    },
  ]);
});

/** A rule of a policy that lets the client through, or on. */
function ofPolicy(code: string, words: string, where: string, type: string, action: string): FixText {
  return {
    for: code,
    command: `gcloud compute ${words} rules create 99 --firewall-policy=pol ${where}--direction=INGRESS --action=${action} --src-ip-ranges=${CLIENT} --layer4-configs=tcp:22`,
    pulumi: `new gcp.compute.${type}("ssh", { firewallPolicy: "pol", priority: 99, direction: "INGRESS", action: "${action}", match: { srcIpRanges: ["${CLIENT}"], layer4Configs: [{ ipProtocol: "tcp", ports: ["22"] }] } });`,
    gains,
  };
}

describe('a policy that denies', () => {
  const rules = ['100 deny tcp:22 0.0.0.0/0'];
  const ofNetwork = ofPolicy(
    'gcp/fw-net-deny',
    'network-firewall-policies',
    '--global-firewall-policy --project=p ',
    'NetworkFirewallPolicyRule',
    'allow',
  );
  const folder = ofPolicy('gcp/fw-hier-deny', 'firewall-policies', '', 'FirewallPolicyRule', 'goto_next');
  const ofFolder = {
    ...folder,
    command: folder.command.replace('=pol', '=200000000001'),
    pulumi: folder.pulumi.replace('"pol"', '"200000000001"'),
    note: 'the policy belongs to the organisation or a folder; goto_next leaves the decision to the rules of the network',
  };
  fixRows([
    {
      name: 'of the network',
      given: (f) => f.policiesFirst().policy({ type: 'NETWORK', name: 'pol', rules }),
      fixes: [ofNetwork],
    },
    {
      name: 'of the network, by a context',
      given: (f) =>
        f.policiesFirst().policy({
          type: 'NETWORK',
          name: 'pol',
          rules: [policyRule('100 deny tcp:22 0.0.0.0/0', { srcNetworkContext: 'INTERNET' })],
        }),
      fixes: [ofNetwork],
    },
    {
      name: 'of the region',
      given: (f) => f.policiesFirst().policy({ type: 'NETWORK_REGIONAL', name: 'pol', region: 'us-central1', rules }),
      fixes: [
        ofPolicy(
          'gcp/fw-reg-deny',
          'network-firewall-policies',
          '--firewall-policy-region=us-central1 --project=p ',
          'RegionNetworkFirewallPolicyRule',
          'allow',
        ),
      ],
    },
    {
      name: 'of a folder: it leaves the decision to the network',
      given: (f) => onlyClient(f).policy({ type: 'HIERARCHY', name: '200000000001', rules }),
      fixes: [ofFolder],
    },
    {
      name: 'of a folder, before a network that has no rule either',
      given: (f) => f.noRule('allow-ssh').policy({ type: 'HIERARCHY', name: '200000000001', rules }),
      fixes: [{ ...ofFolder, gains: [] }, opening()],
    },
    {
      name: 'with the number 0 cannot be passed',
      given: (f) => f.policiesFirst().policy({ type: 'NETWORK', name: 'pol', rules: ['0 deny tcp:22 0.0.0.0/0'] }),
      checked: false,
      fixes: [],
    },
    {
      name: 'of a Google service is not for the project to change',
      given: (f) => f.policy({ type: 'SYSTEM_REGIONAL', name: 'pol', region: 'us-central1', rules }),
      checked: false,
      fixes: [],
    },
  ]);
});

describe('a route back', () => {
  fixRows([
    { name: 'that is missing', given: (f) => onlyClient(f).noRoute('default-internet'), fixes: [routing] },
    {
      name: 'that is missing for IPv6',
      given: (f) =>
        withV6(f)
          .rule('allow-ssh', { sourceRanges: ['2001:db8::9/128'] })
          .noRoute('default-internet-v6'),
      target: '2001:db8:1:1:0:1::',
      from: '2001:db8::9',
      fixes: [
        {
          ...routing,
          command: routing.command
            .replace('create default-internet', 'create default-internet-v6')
            .replace('0.0.0.0/0', '::/0'),
          pulumi: routing.pulumi.replace('"default-internet"', '"default-internet-v6"').replace('0.0.0.0/0', '::/0'),
          gains: ['2001:db8::9/128'],
        },
      ],
    },
  ]);
});

describe('an external address', () => {
  fixRows([
    {
      name: 'that is missing: which one it gets is not known before',
      given: (f) => f.nic('vm1', 0, { accessConfigs: undefined }),
      target: 'vm1',
      checked: false,
      fixes: [
        {
          for: 'gcp/nic-no-external-ip',
          command:
            'gcloud compute instances add-access-config vm1 --zone=us-central1-a --project=p --network-interface=nic0',
          pulumi: 'accessConfigs: [{}]',
          note: 'gcloud compute ssh --tunnel-through-iap needs no external address',
        },
      ],
    },
  ]);
});

describe('names that a shell would act on', () => {
  /** No name of a resource looks like this, but that of a recorded file may. */
  const HOSTILE = `x y'; $(touch z) \`id\` "q" \\ # & | > * ~`;
  /** The key of a network's answers has no place for spaces. */
  const DENSE = HOSTILE.replaceAll(' ', '');

  interface Named {
    readonly name: string;
    readonly given: (f: Fixture) => unknown;
    readonly target?: string;
    /** The word of the command that holds the name. */
    readonly word: string;
  }

  const table: readonly Named[] = [
    {
      name: 'an instance',
      given: (f) =>
        onlyClient(f)
          .addVm({ name: HOSTILE, ip: '10.0.0.7', external: '203.0.113.17' })
          .vm(HOSTILE, { status: 'TERMINATED' }),
      target: '203.0.113.17',
      word: HOSTILE,
    },
    {
      name: 'a tag',
      given: (f) => onlyClient(f).rule('allow-ssh', { targetTags: [HOSTILE] }),
      word: `--tags=${HOSTILE}`,
    },
    {
      name: 'a tag of the instance',
      given: (f) => f.noRule('allow-ssh').vm('vm1', { tags: { items: [HOSTILE] } }),
      word: `--target-tags=${HOSTILE}`,
    },
    {
      name: 'a rule',
      given: (f) => f.noRule('allow-ssh').rule(HOSTILE, { allowed: SSH, sourceRanges: [CLIENT], disabled: true }),
      word: HOSTILE,
    },
    {
      name: 'a policy',
      given: (f) => f.policiesFirst().policy({ type: 'NETWORK', name: HOSTILE, rules: ['100 deny tcp:22 0.0.0.0/0'] }),
      word: `--firewall-policy=${HOSTILE}`,
    },
    {
      name: 'a network',
      given: (f) =>
        f
          .addNetwork(DENSE)
          .addSubnet('sn-x', { network: DENSE, prefix: '10.0.9.0/24' })
          .addVm({ name: 'vm-x', network: DENSE, subnet: 'sn-x', ip: '10.0.9.2', external: '203.0.113.18' }),
      target: '203.0.113.18',
      word: `--network=${DENSE}`,
    },
  ];

  test.each(table)('$name', ({ given, target = '203.0.113.10', word }) => {
    const fixture = f0();
    given(fixture);
    const documents = fixture.documents('rest');
    const ask = (recorded: typeof documents) =>
      explain({ documents: recorded }, { target, from: CLIENT }).report?.targets[0];
    const fixes = ask(documents)?.findings.flatMap((finding) => finding.fixes) ?? [];
    expect(fixes).toMatchObject([{ checked: true, gains }]);
    let current = documents;
    for (const { command } of fixes) {
      const words = shellWords(command);
      expect(words).toContain(word);
      // The shell itself reads the same words, and runs nothing else.
      const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8', env: {} });
      expect(printed.split('\0').slice(0, -1)).toEqual(words);
      current = applyCommand(current, command);
    }
    expect(ask(current)?.verdict).toBe('reachable');
  });
});

describe('the reader of commands refuses', () => {
  test.each([
    'gcloud x $(id)',
    'gcloud x; id',
    'gcloud "x"',
    'gcloud x `id`',
    "gcloud 'x",
    'gcloud x > y',
    'gcloud x*',
  ])('%s', (command) => {
    expect(() => shellWords(command)).toThrow('a shell acts on');
  });
});
