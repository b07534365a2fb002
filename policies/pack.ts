import { createHash } from 'node:crypto';
import { PolicyPack, type ResourceValidationArgs } from '@pulumi/policy';
import { awsPlan } from '../providers/aws/plan/index.js';
import { azurePlan } from '../providers/azure/plan/index.js';
import { gcpPlan } from '../providers/gcp/plan/index.js';
import { readEvidence } from '../src/cli/recorded-input.js';
import { Gate, type GateQuestion, Sources } from '../src/gate/index.js';
import type { GateReport, ProviderName } from '../src/model/index.js';
import { type PackResource, readPack } from '../src/plan/pack.js';
import type { Plan } from '../src/plan/plan.js';
import type { PlanRecord } from '../src/plan/plan-record.js';
import { AddressSet, formatPrefix } from '../src/set/index.js';
import { policiesOf } from './policies.js';
import type { Settings } from './settings.js';
import type { GateView } from './violation.js';

const providers = [awsPlan, gcpPlan, azurePlan];

/** What resources ask for, by URN: one process serves a whole run, and the stack comes with answers only. */
const collected = new Map<string, object>();
/** How often something was collected: between the policies of one call, nothing is. */
let collections = 0;

/** A deployment as a call showed it, and what was found out about it, by question. */
interface Call {
  readonly key: string;
  readonly plan: Plan;
  readonly gates: Map<string, Gate>;
  readonly reports: Map<string, GateReport>;
}
let latest: Call | undefined;

/** What tells one call from another. Every policy of a call is handed the same stack, taken apart anew: to read it once is enough. */
function keyOf(resources: readonly PackResource[]): string {
  const hash = createHash('sha256').update(`${collections}\n`);
  for (const { urn } of resources) hash.update(`${urn}\n`);
  return hash.digest('hex');
}

/** The same where nothing is collected, and only what the providers answered tells calls apart. */
function digestOf(plan: Plan): string {
  const written = JSON.stringify(plan, (_, value: unknown) => (value instanceof Map ? [...value] : value));
  return createHash('sha256').update(written).digest('hex');
}

function callFor(resources: readonly PackResource[]): Call {
  const quick = collections > 0 ? keyOf(resources) : undefined;
  if (quick !== undefined && latest?.key === quick) return latest;
  const plan = readPack(resources, collected);
  const key = quick ?? digestOf(plan);
  if (latest?.key !== key) latest = { key, plan, gates: new Map(), reports: new Map() };
  return latest;
}

function gateFor({ plan, gates }: Call, question: GateQuestion, inventory: readonly string[]): Gate {
  const key = JSON.stringify([question, inventory]);
  const gate = gates.get(key) ?? new Gate(plan, providers, question, recordingAt(inventory));
  gates.set(key, gate);
  return gate;
}

function questionOf({ port, linking, maxForks, unseenControls, defaultVpc }: Settings): GateQuestion {
  return {
    port,
    isStrict: linking === 'strict',
    maxForks,
    assumptions: { unseenControls, defaultNetwork: defaultVpc },
  };
}

/** What was recorded of the accounts, by the paths at which it stands; read once in a run. */
const recordings = new Map<string, ReturnType<typeof readEvidence>>();

/** @throws what is wrong, where something at these paths cannot be read: nobody may judge by half of it */
function recordingAt(paths: readonly string[]): ReadonlyMap<ProviderName, unknown> {
  const key = paths.join('\n');
  const known = recordings.get(key) ?? readEvidence(paths);
  recordings.set(key, known);
  const [first] = known.problems;
  if (known.unread && first) throw new Error(`the inventory cannot be read: ${first.where}: ${first.what}`);
  return known.evidence;
}

/** Policies that ask the same share the answer. */
function reportOf({ reports }: Call, gate: Gate, settings: Settings): GateReport {
  const { forbidden, allowed, allowedPrefixes, inventory } = settings;
  const prefixes = [forbidden, allowedPrefixes].map((all) => all.map(formatPrefix));
  const key = JSON.stringify([questionOf(settings), inventory, prefixes]);
  const report = reports.get(key) ?? gate.forbidden(new Sources(forbidden, allowed));
  reports.set(key, report);
  return report;
}

function viewOf(resources: readonly PackResource[], settings: Settings): GateView {
  const call = callFor(resources);
  const gate = gateFor(call, questionOf(settings), settings.inventory);
  const required = () =>
    gate.required(
      settings.required.map(({ from, to }) => ({
        sources: new Sources([from], AddressSet.empty),
        concerns: ({ urn, type, name }) => [urn, type, name].some((text) => to.test(text)),
      })),
    );
  const report = reportOf(call, gate, settings);
  return { settings, report, required, today: new Date().toISOString().slice(0, 10) };
}

function recordFor({ urn, type, props, opts, provider }: ResourceValidationArgs): PlanRecord | undefined {
  const resource = { urn, type, props, opts, provider, dependencies: [], propertyDependencies: {} };
  return readPack([resource], new Map([[urn, props]])).records[0];
}

new PolicyPack('port22', {
  description: 'Who will be able to open SSH after this deployment, and who will not.',
  displayName: 'port22',
  tags: ['ssh', 'network', 'security-group', 'firewall'],
  policies: policiesOf({
    collect: (urn, inputs) => {
      collected.set(urn, inputs);
      collections += 1;
    },
    view: ({ resources }, settings) => viewOf(resources, settings),
    rules: (args) => {
      const record = recordFor(args);
      return record ? providers.flatMap((provider) => provider.rules(record)) : [];
    },
  }),
});
