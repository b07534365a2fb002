// Prints what port22 costs, as a table in Markdown. usage: npm run bench -- [--short | --full] [--dir DIR]
//   --short   accounts of 500 to 2,000 instances instead of 1,000 to 100,000
//   --full    up to 1,000,000 instances; needs 13 GB of disk
//   --dir     where the accounts are written, and kept for the next run; otherwise in a folder that is removed again

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { below, hex, ipv4, randomFrom } from './account-shape.mjs';
import { generateAccount, generateSmallAccount } from './generate-account.mjs';
import { generateAzureSubscription } from './generate-azure-subscription.mjs';
import { generateGcpProject } from './generate-gcp-project.mjs';
import { HOST_QUESTION, hostBundles } from './generate-host.mjs';
import { measure, measurePairs, medianTime } from './measure.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PORT22 = join(ROOT, 'dist/bin/port22.cjs');
const PARSE_ALL = fileURLToPath(new URL('parse-all.mjs', import.meta.url));
/** Exit codes of an audit: everything was known, or not. A crash ends with 1. */
const AUDITED = [0, 3];
const STARTS = 15;
const PREFIXES = 100_000;

const audited = new Map();
let folder = '';
try {
  bench(optionsOf(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
}

function optionsOf(args) {
  const options = { short: { type: 'boolean' }, full: { type: 'boolean' }, dir: { type: 'string' } };
  return parseArgs({ args, options }).values;
}

function bench({ short, full, dir }) {
  const sizes = short ? [500, 1000, 2000] : [1000, 10_000, 100_000];
  folder = dir ?? mkdtempSync(join(tmpdir(), 'port22-bench-'));
  mkdirSync(folder, { recursive: true });
  try {
    const rows = [
      startRow(),
      ...auditRows(sizes.at(-1)),
      ...cloudRows(sizes.at(-1)),
      ...gateRows(),
      ...hostRows(),
      ...slopeRows(full ? [...sizes, 1_000_000] : sizes),
      ...setRows(),
    ];
    console.log(
      `node ${process.version}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown kind'}\n`,
    );
    console.log(table(rows));
    console.log(`\n${callTable()}`);
  } finally {
    if (dir === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function say(step) {
  process.stderr.write(`bench: ${step}\n`);
}

/** The folder of an account of so many instances, written unless an earlier run left it. */
function account(instances, files) {
  const directory = join(folder, files === 1 ? `${instances}-in-one-file` : `${instances}`);
  if (existsSync(directory)) return directory;
  say(`writing ${directory}`);
  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  generateAccount({ directory: unfinished, instances, files });
  renameSync(unfinished, directory);
  return directory;
}

/** What an audit of an account costs; run once, however many rows tell of it. */
function audit(directory, format = 'text') {
  const args = [PORT22, 'audit', '--in', directory, '--format', format];
  const key = args.join(' ');
  if (!audited.has(key)) {
    say(`auditing ${directory} as ${format}`);
    audited.set(key, measure(args, AUDITED));
  }
  return audited.get(key);
}

/** The exit code of a command whose report has `targets` targets: a crash, or nothing read, must not pass for a fast answer. */
function exitCodeOf(args, targets) {
  const { status, stdout } = spawnSync(process.execPath, [...args, '--format', 'json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (stdout === '' || JSON.parse(stdout).targets.length !== targets)
    throw new Error(`node ${args.join(' ')} gave no answer`);
  return status;
}

function startRow() {
  say('starting');
  const directory = join(folder, 'small');
  const instance = generateSmallAccount({ directory });
  const explain = [PORT22, 'explain', instance, '--from', '203.0.113.7', '--in', directory];
  const exitCode = exitCodeOf(explain, 1);
  exitCodeOf([PORT22, 'audit', '--in', directory], 3);
  const { milliseconds, against, ratio } = measurePairs(explain, ['-e', '0'], STARTS, [exitCode]);
  return {
    what: 'explain, 3 recorded instances',
    milliseconds,
    against: `node -e 0: ${time(against)}`,
    ratio,
    goal: '3',
  };
}

function auditRows(instances) {
  const split = account(instances);
  const single = account(instances, 1);
  const size = statSync(join(single, 'describe-instances.json')).size / 2 ** 20;
  say(`parsing ${split}`);
  const parsed = measure([PARSE_ALL, split], [0]);
  const against = `JSON.parse alone: ${time(parsed.milliseconds)}, processor ${time(parsed.processor)}, ${memory(parsed.peak)}`;
  const row = (what, used) => ({
    what,
    ...used,
    against,
    ratio: used.milliseconds / parsed.milliseconds,
    processorRatio: used.processor / parsed.processor,
    goal: '2, below 2 GiB',
  });
  return [
    row(`audit, ${number(instances)} instances`, audit(split)),
    row(`audit as JSON, ${number(instances)} instances`, audit(split, 'json')),
    row(`audit, ${number(instances)} instances in one file of ${memory(size)}`, audit(single)),
  ];
}

/** Accounts of the other clouds, written as their command lines print them. */
function cloudRows(instances) {
  const clouds = [
    { cloud: 'Google Cloud', generate: generateGcpProject },
    { cloud: 'Azure', generate: generateAzureSubscription },
  ];
  return clouds.flatMap(({ cloud, generate }) => {
    const directory = join(folder, `${cloud.toLowerCase().replaceAll(' ', '-')}-${instances}`);
    if (!existsSync(directory)) {
      say(`writing ${directory}`);
      generate({ directory, instances });
    }
    const parsed = measure([PARSE_ALL, directory], [0]);
    return ['text', 'json'].map((format) => {
      const used = audit(directory, format);
      return {
        what: `audit${format === 'json' ? ' as JSON' : ''}, ${number(instances)} instances of ${cloud}`,
        ...used,
        against: `JSON.parse alone: ${time(parsed.milliseconds)}, processor ${time(parsed.processor)}, ${memory(parsed.peak)}`,
        ratio: used.milliseconds / parsed.milliseconds,
        processorRatio: used.processor / parsed.processor,
        goal: '2, below 2 GiB',
      };
    });
  });
}

/** What the policy pack costs, in a process of its own and asked as the engine asks it. */
function gateRows() {
  say('judging a stack');
  const report = join(folder, 'gate.json');
  rmSync(report, { force: true });
  runTests(['test/policies/size.test.ts'], { PORT22_REPORT_GATE: report });
  const { instances, startMs, stackMs, parseMs, peak } = JSON.parse(readFileSync(report, 'utf8'));
  const empty = measure(['-e', '0'], [0]).milliseconds;
  return [
    {
      what: 'policy pack, start',
      milliseconds: startMs,
      against: `node -e 0: ${time(empty)}`,
      ratio: startMs / empty,
      goal: '1.5 s',
    },
    {
      what: `policy pack, one stack of ${number(instances)} instances`,
      milliseconds: stackMs,
      peak: peak ?? undefined,
      against: `JSON.parse of its preview: ${time(parseMs)}`,
      ratio: stackMs / parseMs,
      goal: '5 s, below 1 GiB',
    },
  ];
}

/** What it costs to read, lower and ask the packet filter of one machine, beyond the start of node. */
function hostRows() {
  const empty = measure(['-e', '0'], [0]);
  return Object.entries(hostBundles).map(([what, write]) => {
    say(`asking a machine with ${what}`);
    const file = join(folder, 'host.bundle');
    write(file);
    const question = [PORT22, ...HOST_QUESTION, '--host', file];
    const used = measure(question, [exitCodeOf(question, 1)]);
    const read = measure(['-e', `require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8')`], [0]);
    return {
      what: `explain, ${what}`,
      milliseconds: used.milliseconds - empty.milliseconds,
      processor: used.processor - empty.processor,
      peak: used.peak,
      against: `node that reads the ${memory(statSync(file).size / 2 ** 20)}: ${time(read.milliseconds)}, processor ${time(read.processor)}`,
      ratio: used.milliseconds / read.milliseconds,
      processorRatio: used.processor / read.processor,
      goal: '1 s of processor beyond node -e 0',
    };
  });
}

function runTests(tests, more) {
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const { status } = spawnSync(process.execPath, [jest, '--config', '.ci/jest.config.cjs', ...tests], {
    cwd: ROOT,
    env: { ...process.env, ...more },
    stdio: 'ignore',
  });
  if (status !== 0) throw new Error(`${tests.join(', ')} failed: run npm test -- ${tests.join(' ')}`);
}

/** How many calls a fetch makes, counted by servers on loopback with the real SDKs. */
function callTable() {
  say('counting calls');
  const report = join(folder, 'calls.jsonl');
  rmSync(report, { force: true });
  runTests(['test/gcp-protocol/calls.test.ts', 'test/azure-protocol/calls.test.ts'], { PORT22_REPORT_CALLS: report });
  const lines = readFileSync(report, 'utf8').trim().split('\n').sort();
  const rows = lines.map((line) => JSON.parse(line));
  const cells = rows.map(({ what, few, many }) => `| ${what} | ${few} | ${many} |`);
  return ['| calls of a fetch | 2 instances | 1,000 instances |', '| --- | --: | --: |', ...cells].join('\n');
}

/** What a thousand instances cost more, between one size and the next: the same everywhere, when the cost grows linearly. */
function slopeRows(instances) {
  const audits = instances.map((count) => ({ count, ...audit(account(count)) }));
  return audits.slice(1).map((larger, k) => {
    const smaller = audits[k];
    const perThousand = (what) => ((larger[what] - smaller[what]) / (larger.count - smaller.count)) * 1000;
    return {
      what: `audit, each 1,000 instances from ${number(smaller.count)} to ${number(larger.count)}`,
      milliseconds: perThousand('milliseconds'),
      processor: perThousand('processor'),
      against: `all ${number(larger.count)}: ${time(larger.milliseconds)}, processor ${time(larger.processor)}, ${memory(larger.peak)}`,
      goal: 'a constant',
    };
  });
}

function setRows() {
  say('calculating with sets');
  const { AddressSet, parsePrefix } = createRequire(import.meta.url)(join(ROOT, 'dist/src/set/index.js'));
  const [texts, otherTexts] = [1, 2].map((salt) => randomPrefixes(randomFrom(22, salt)));
  const setOf = (prefixes) => AddressSet.fromPrefixes(prefixes.map(parsePrefix));
  const [set, other] = [texts, otherTexts].map(setOf);
  const row = (what, run) => ({ what: `${what}, ${number(PREFIXES)} prefixes`, milliseconds: medianTime(run) });
  return [
    row('sets: a prefix list from its text', () => setOf(texts)),
    row('sets: union of two', () => set.union(other)),
    row('sets: one without another', () => set.subtract(other)),
    row('sets: minimal CIDR cover of one without another', () => set.subtract(other).prefixes()),
  ];
}

/** Half of them IPv4, half IPv6, of the sizes that prefix lists hold. */
function randomPrefixes(random) {
  return Array.from({ length: PREFIXES }, (_, k) => {
    if (k % 2 === 1) return `2001:${hex(below(random, 2 ** 16), 1)}:${hex(below(random, 2 ** 16), 1)}::/48`;
    const length = 16 + below(random, 17);
    return `${ipv4(below(random, 2 ** length) * 2 ** (32 - length))}/${length}`;
  });
}

function number(count) {
  return count.toLocaleString('en');
}

function time(milliseconds) {
  return milliseconds < 10_000
    ? `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`;
}

function memory(mebibytes) {
  return `${number(Math.round(mebibytes))} MiB`;
}

function table(rows) {
  const head = ['what', 'wall', 'processor', 'peak memory', 'against', 'ratio of wall', 'of processor', 'goal'];
  const cells = rows.map(({ what, milliseconds, processor, peak, against = '', ratio, processorRatio, goal = '' }) => [
    what,
    time(milliseconds),
    processor === undefined ? '' : time(processor),
    peak === undefined ? '' : memory(peak),
    against,
    ratio?.toFixed(2) ?? '',
    processorRatio?.toFixed(2) ?? '',
    goal,
  ]);
  const rule = ['---', '--:', '--:', '--:', '---', '--:', '--:', '---'];
  return [head, rule, ...cells].map((line) => `| ${line.join(' | ')} |`).join('\n');
}
