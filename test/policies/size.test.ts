import { appendFileSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { expect, test } from '@jest/globals';
import { later, type Made, made, previewOf } from '../support/gate/deployment.js';
import { judgedBy, PACK } from '../support/gate/pack.js';
import { PackProcess } from '../support/pulumi/pack-process.js';

/** Where the benchmark wants to know what this cost; then it is asked of the size that counts. */
const report = process.env.PORT22_REPORT_GATE;
const instances = report === undefined ? 100 : 2000;
const groups = instances / 10;
const subnets = 20;

const rules = (group: number) =>
  Array.from({ length: 20 }, (_, rule) => ({
    protocol: 'tcp',
    fromPort: 20 + rule,
    toPort: 20 + rule,
    cidrBlocks: [`198.51.${group % 250}.${rule}/32`, '203.0.113.0/24'],
  }));

/** Machines in public subnets, each with two of the groups. */
const given: readonly Made[] = [
  made('Vpc', 'vpc', { cidrBlock: '10.0.0.0/8' }),
  made('InternetGateway', 'igw', { vpcId: later('vpc') }),
  made('RouteTable', 'rt', { vpcId: later('vpc'), routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: later('igw') }] }),
  ...Array.from({ length: subnets }, (_, n) => [
    made('Subnet', `sub${n}`, { vpcId: later('vpc'), cidrBlock: `10.${n}.0.0/16`, mapPublicIpOnLaunch: true }),
    made('RouteTableAssociation', `rta${n}`, { subnetId: later(`sub${n}`), routeTableId: later('rt') }),
  ]).flat(),
  ...Array.from({ length: groups }, (_, n) =>
    made('SecurityGroup', `sg${n}`, { vpcId: later('vpc'), ingress: rules(n) }),
  ),
  ...Array.from({ length: instances }, (_, n) =>
    made('Instance', `web${n}`, {
      subnetId: later(`sub${n % subnets}`),
      vpcSecurityGroupIds: [later(`sg${n % groups}`), later(`sg${(n * 7 + 1) % groups}`)],
    }),
  ),
];

/** The most memory that a process ever had, in MiB; undefined where the system does not tell. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
  } catch {
    return undefined;
  }
}

test('pulumi#107 a stack of many machines is judged whole, and told in part', async () => {
  const pack = await PackProcess.start(PACK);
  try {
    await pack.configure({ 'port22-open-rule': { enforcementLevel: 'disabled' } });
    const found = await judgedBy(pack, given);
    const exposed = found.filter(({ policyName }) => policyName === 'port22-exposed');
    expect(exposed).toHaveLength(instances > 100 ? 101 : 100);
    if (instances > 100) expect(exposed.at(-1)?.message).toContain(`${instances - 100} more of this kind`);
    if (report === undefined) return;
    const text = JSON.stringify(previewOf(given));
    const parsing = performance.now();
    JSON.parse(text);
    const parseMs = performance.now() - parsing;
    appendFileSync(
      report,
      JSON.stringify({ instances, startMs: pack.startMs, stackMs: pack.stackMs, parseMs, peak: peakOf(pack.pid) }),
    );
  } finally {
    await pack.stop();
  }
}, 180_000);
