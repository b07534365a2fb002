import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackConfig } from '../pulumi/pack-answer.js';
import type { Properties } from '../pulumi/properties.js';
import { type ProgramRun, runProgram } from '../pulumi/run-program.js';
import type { Stop } from './stops.js';

const ROOT = join(__dirname, '../../..');

/** A program of `examples/` whose stack `good` passes. */
export interface Example {
  readonly folder: string;
  readonly project: string;
  readonly policyConfig: PackConfig;
  /** All that stops the others, in the order of resources and policies. */
  readonly faulty: readonly (readonly [stack: string, ...stops: readonly Stop[]])[];
  /** Paths of what only the provider knows, of the types of which the program reads it. */
  readonly computed: Readonly<Record<string, readonly string[]>>;
  /** What functions of the provider answer. */
  readonly lookups: Readonly<Record<string, Properties>>;
}

function example(name: string, rest: Omit<Example, 'folder' | 'policyConfig'>): Example {
  const folder = join(ROOT, 'examples', name);
  return { folder, policyConfig: JSON.parse(readFileSync(join(folder, 'policy.json'), 'utf8')) as PackConfig, ...rest };
}

/** The configuration of a stack. */
function configOf({ folder }: Example, stack: string): Record<string, string> {
  const text = readFileSync(join(folder, 'stacks', `Pulumi.${stack}.yaml`), 'utf8');
  return Object.fromEntries([...text.matchAll(/^ {2}(\S+): (.+)$/gm)].map(([, key = '', value = '']) => [key, value]));
}

/** What the program asks for as that stack. */
export function runStack(from: Example, stack: string, longestMs: number): Promise<ProgramRun> {
  const world = {
    project: from.project,
    stack,
    config: configOf(from, stack),
    computed: (type: string) => from.computed[type] ?? [],
    invoke: (token: string) => from.lookups[token],
  };
  return runProgram(from.folder, world, longestMs);
}

const opened = 'tcp/22 on instance "bastion" is reachable from 0.0.0.0/0';
const shut = 'tcp/22 on instance "bastion" is not reachable from 203.0.113.0/24';

export const awsExample = example('aws', {
  project: 'port22-example',
  computed: {
    'aws:ec2/instance:Instance': ['publicIp'],
    'aws:ec2/internetGateway:InternetGateway': ['arn'],
  },
  lookups: { 'aws:ec2/getAmi:getAmi': { id: 'ami-0123456789abcdef0' } },
  faulty: [
    ['world', ['port22-exposed', 'bastion', [opened, 'change: security group "bastion" ingress[0].cidrBlocks']]],
    ['own-rule', ['port22-exposed', 'bastion', [opened, 'change: rule "bastion-ssh" of security group "bastion"']]],
    ['locked-out', ['port22-required', 'bastion', [shut, 'addr-no-public-ipv4', 'rt-missing']]],
    [
      'either',
      [
        'port22-likely',
        'bastion',
        [
          'tcp/22 on instance "bastion" is possibly reachable from 0.0.0.0/0',
          'missing: subnetId of "bastion" ("back" or "front": nothing tells which)',
        ],
      ],
      ['port22-required', 'bastion', ['tcp/22 on instance "bastion" is not surely reachable from 203.0.113.0/24']],
    ],
    ['foreign', ['port22-undecided', 'bastion', ['sg-0123456789abcdef0 is not in this deployment']]],
  ],
});

const partner = 'missing: securityRules[0].sourceAddressPrefix of "bastion" (not known until deployed)';

export const azureExample = example('azure-native', {
  project: 'port22-example-azure',
  computed: {
    'azure-native:network:PublicIPAddress': ['ipAddress'],
    ...Object.fromEntries(
      ['resources:ResourceGroup', 'network:VirtualNetwork', 'network:NetworkSecurityGroup'].map((type) => [
        `azure-native:${type}`,
        ['name'],
      ]),
    ),
  },
  lookups: {},
  faulty: [
    [
      'world',
      [
        'port22-exposed',
        'bastion',
        [
          'tcp/22 on virtual machine "bastion" is reachable from 0.0.0.0/0',
          'change: network security group "bastion" securityRules',
        ],
      ],
    ],
    [
      'own-rule',
      [
        'port22-exposed',
        'bastion',
        [
          'tcp/22 on virtual machine "bastion" is reachable from 0.0.0.0/0',
          'change: rule "bastion-ssh" of network security group "bastion"',
        ],
      ],
    ],
    [
      'no-group',
      [
        'port22-required',
        'bastion',
        ['tcp/22 on virtual machine "bastion" is not reachable from 203.0.113.0/24', 'standard-ip-closed'],
      ],
    ],
    ['either', ['port22-required', 'bastion', [partner]], ['port22-undecided', 'bastion', [partner]]],
  ],
});

const later = 'targetTags[0] of "outside-to-bastion" (not known until deployed)';
const outside = '"bastion" is not reachable from 203.0.113.0/24';

export const gcpExample = example('gcp', {
  project: 'port22-example-gcp',
  computed: {
    'gcp:compute/instance:Instance': [
      'networkInterfaces.*.network',
      'networkInterfaces.*.networkIp',
      'networkInterfaces.*.accessConfigs.*.natIp',
    ],
    'gcp:compute/network:Network': ['numericId', 'selfLink'],
  },
  lookups: {},
  faulty: [
    ['world', ['port22-exposed', 'bastion', ['"bastion" is reachable from 0.0.0.0/0', '"outside-to-bastion"']]],
    ['locked-out', ['port22-required', 'bastion', [outside]]],
    ['tagged', ['port22-required', 'bastion', [outside]]],
    // The rule may be for any machine of the network.
    [
      'either',
      ['port22-required', 'bastion', [later]],
      ['port22-undecided', 'bastion', [later]],
      ['port22-undecided', 'web', [later]],
    ],
  ],
});
