// Writes a made-up Google Cloud project as `gcloud ... list --format=json` prints it, as large as wanted and the same for the same seed.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { below, hex, ipv4, pick, randomFrom, scramble } from './account-shape.mjs';
import { writeArray, writeParts } from './cloud-files.mjs';

const API = 'https://www.googleapis.com/compute/v1';
const PROJECT = `${API}/projects/example-production`;
const REGIONS = ['europe-west3', 'us-central1', 'asia-northeast1', 'europe-west1'];
const NETWORKS = 5;
const ROLES = 40;
const RULES_PER_NETWORK = 40;
const MOST_IN_SUBNET = 1 << 15;

const number = (n) => `${1_000_000_000_000_000_000n + BigInt(scramble(n)) * 1_000_003n}`;
const when = (random) =>
  new Date(1704067200000 + below(random, 60_000_000) * 1000).toISOString().replace('Z', '-08:00');
const networkUrl = (n) => `${PROJECT}/global/networks/network-${n}`;
const subnetUrl = (n, region) => `${PROJECT}/regions/${region}/subnetworks/network-${n}-${region}`;
const subnetBase = (n, r) => (((10 << 24) | ((n * REGIONS.length + r) << 16)) >>> 0) + 2;

function disk(name, zone, n) {
  return {
    architecture: 'X86_64',
    autoDelete: true,
    boot: true,
    deviceName: 'persistent-disk-0',
    diskSizeGb: '20',
    guestOsFeatures: ['UEFI_COMPATIBLE', 'VIRTIO_SCSI_MULTIQUEUE', 'GVNIC', 'SEV_CAPABLE'].map((type) => ({ type })),
    index: 0,
    interface: 'SCSI',
    kind: 'compute#attachedDisk',
    licenses: [`${API}/projects/debian-cloud/global/licenses/debian-12-bookworm`],
    mode: 'READ_WRITE',
    shieldedInstanceInitialState: { dbxs: [{ content: `${hex(scramble(n), 8)}`.repeat(12), fileType: 'BIN' }] },
    source: `${PROJECT}/zones/${zone}/disks/${name}`,
    type: 'PERSISTENT',
  };
}

function networkInterface(facts) {
  const { n, network, region, r, external, random } = facts;
  const place = Math.floor(n / (NETWORKS * REGIONS.length));
  const natIP = external && { natIP: ipv4((34 << 24) + 256 + n) };
  return {
    ...(natIP && {
      accessConfigs: [
        {
          kind: 'compute#accessConfig',
          name: 'external-nat',
          ...natIP,
          networkTier: 'PREMIUM',
          type: 'ONE_TO_ONE_NAT',
        },
      ],
    }),
    fingerprint: `${hex(below(random, 2 ** 31), 8)}=`,
    kind: 'compute#networkInterface',
    name: 'nic0',
    network: networkUrl(network),
    networkIP: ipv4(subnetBase(network, r) + place),
    nicType: 'GVNIC',
    stackType: 'IPV4_ONLY',
    subnetwork: subnetUrl(network, region),
  };
}

function instance(seed, n) {
  const random = randomFrom(seed, 1, n);
  const network = n % NETWORKS;
  const r = Math.floor(n / NETWORKS) % REGIONS.length;
  const region = REGIONS[r];
  const zone = `${region}-${pick(random, ['a', 'b', 'c'])}`;
  const role = below(random, ROLES);
  const name = `${pick(random, ['web', 'api', 'worker', 'db'])}-${n}`;
  const stopped = random() < 0.06;
  const external = !stopped && random() < 0.3;
  return {
    canIpForward: false,
    cpuPlatform: 'Intel Cascade Lake',
    creationTimestamp: when(random),
    deletionProtection: false,
    disks: [disk(name, zone, n)],
    displayDevice: { enableDisplay: false },
    fingerprint: `${hex(scramble(n), 8)}=`,
    id: number(n),
    keyRevocationActionType: 'NONE',
    kind: 'compute#instance',
    labelFingerprint: `${hex(scramble(n ^ 7), 8)}=`,
    labels: {
      environment: pick(random, ['production', 'staging', 'test']),
      service: pick(random, ['checkout', 'catalogue', 'sessions']),
      team: pick(random, ['payments', 'search', 'identity', 'platform']),
    },
    lastStartTimestamp: when(random),
    machineType: `${PROJECT}/zones/${zone}/machineTypes/n2-standard-2`,
    metadata: {
      fingerprint: `${hex(scramble(n ^ 9), 8)}=`,
      items: [
        { key: 'enable-oslogin', value: 'TRUE' },
        { key: 'startup-script', value: `#!/bin/bash\nset -euo pipefail\n/opt/${name}/bin/start --role ${role}\n` },
      ],
      kind: 'compute#metadata',
    },
    name,
    networkInterfaces: [networkInterface({ n, network, region, r, external, random })],
    scheduling: {
      automaticRestart: true,
      onHostMaintenance: 'MIGRATE',
      preemptible: false,
      provisioningModel: 'STANDARD',
    },
    selfLink: `${PROJECT}/zones/${zone}/instances/${name}`,
    serviceAccounts: [
      {
        email: `role-${role}@example-production.iam.gserviceaccount.com`,
        scopes: ['https://www.googleapis.com/auth/cloud-platform'],
      },
    ],
    shieldedInstanceConfig: { enableIntegrityMonitoring: true, enableSecureBoot: false, enableVtpm: true },
    shieldedInstanceIntegrityPolicy: { updateAutoLearnPolicy: true },
    startRestricted: false,
    status: stopped ? 'TERMINATED' : 'RUNNING',
    tags: { fingerprint: `${hex(role, 8)}=`, items: [`role-${role}`, ...(role % 3 === 0 ? ['ssh'] : [])] },
    zone: `${PROJECT}/zones/${zone}`,
  };
}

function rule(seed, network, k) {
  const random = randomFrom(seed, 2, network, k);
  const name = `network-${network}-rule-${k}`;
  const sources =
    k % 8 === 0
      ? { sourceTags: [`role-${below(random, ROLES)}`] }
      : { sourceRanges: [`${ipv4((203 << 24) | (below(random, 1 << 16) << 8))}/24`, '10.0.0.0/8'] };
  return {
    allowed: [{ IPProtocol: 'tcp', ports: [k % 4 === 0 ? '22' : pick(random, ['80', '443', '8000-8999', '5432'])] }],
    creationTimestamp: when(random),
    description: '',
    direction: 'INGRESS',
    disabled: false,
    id: number(k ^ 0x5000),
    kind: 'compute#firewall',
    logConfig: { enable: false },
    name,
    network: networkUrl(network),
    priority: 1000 + below(random, 10) * 100,
    selfLink: `${PROJECT}/global/firewalls/${name}`,
    ...sources,
    targetTags: [k % 10 === 0 ? 'ssh' : `role-${k}`],
  };
}

const counted = (count, of) => Array.from({ length: count }, (_, k) => of(k));

function subnetwork(n, r) {
  const region = REGIONS[r];
  const name = `network-${n}-${region}`;
  return {
    gatewayAddress: ipv4(subnetBase(n, r) - 1),
    ipCidrRange: `${ipv4(subnetBase(n, r) - 2)}/16`,
    kind: 'compute#subnetwork',
    name,
    network: networkUrl(n),
    privateIpGoogleAccess: true,
    purpose: 'PRIVATE',
    region: `${PROJECT}/regions/${region}`,
    selfLink: subnetUrl(n, region),
    stackType: 'IPV4_ONLY',
  };
}

function networkOf(n) {
  return {
    autoCreateSubnetworks: false,
    kind: 'compute#network',
    name: `network-${n}`,
    networkFirewallPolicyEnforcementOrder: 'AFTER_CLASSIC_FIREWALL',
    routingConfig: { routingMode: 'REGIONAL' },
    selfLink: networkUrl(n),
    subnetworks: REGIONS.map((region) => subnetUrl(n, region)),
  };
}

function defaultRoute(n) {
  return {
    destRange: '0.0.0.0/0',
    kind: 'compute#route',
    name: `default-route-${n}`,
    network: networkUrl(n),
    nextHopGateway: `${PROJECT}/global/gateways/default-internet-gateway`,
    priority: 1000,
    selfLink: `${PROJECT}/global/routes/default-route-${n}`,
  };
}

/** What is in effect in a network of a region: its classic rules, and one policy of the organization that goes on to the next. */
function effectiveFirewalls(seed, n, region) {
  const sources = { layer4Configs: [{ ipProtocol: 'all' }], srcIpRanges: ['0.0.0.0/0'] };
  const next = { action: 'goto_next', direction: 'INGRESS', kind: 'compute#firewallPolicyRule', match: sources };
  return {
    network: networkUrl(n),
    region,
    firewallPolicys: [
      {
        name: '1234567890',
        priority: 0,
        rules: [{ ...next, priority: 2147483646 }],
        shortName: 'guardrails',
        type: 'HIERARCHY',
      },
    ],
    firewalls: counted(RULES_PER_NETWORK, (k) => rule(seed, n, k)),
  };
}

/** Writes `instances` instances, their five networks and 200 firewall rules into `directory`. */
export function generateGcpProject({ directory, instances, seed = 22 }) {
  if (instances > NETWORKS * REGIONS.length * MOST_IN_SUBNET) throw new RangeError(`too many instances: ${instances}`);
  mkdirSync(directory, { recursive: true });
  const at = (name) => join(directory, `${name}.json`);
  writeParts(join(directory, 'instances'), instances, (n) => instance(seed, n));
  writeArray(at('networks'), counted(NETWORKS, networkOf));
  writeArray(at('subnetworks'), counted(NETWORKS, (n) => counted(REGIONS.length, (r) => subnetwork(n, r))).flat());
  writeArray(at('routes'), counted(NETWORKS, defaultRoute));
  for (let n = 0; n < NETWORKS; n++) {
    for (const region of REGIONS) {
      const answer = JSON.stringify(effectiveFirewalls(seed, n, region), null, 2);
      writeFileSync(at(`effective-firewalls-${n}-${region}`), answer);
    }
  }
  writeFileSync(at('policy-based-routes'), JSON.stringify({ policyBasedRoutes: [] }));
  writeArray(at('firewalls'), counted(NETWORKS, (n) => counted(RULES_PER_NETWORK, (k) => rule(seed, n, k))).flat());
}
