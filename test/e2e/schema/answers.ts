import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { COLLECT_INTO, type CollectedLine } from '../../support/collected-answers.js';
import { tempFolder } from '../../support/temp-folder.js';

const ROOT = join(__dirname, '../../..');

/** What the tests handed to port22. */
export interface Collected {
  readonly answers: readonly CollectedLine[];
  /** The tests that were run for it: `test/providers/gcp/route.test.ts`. */
  readonly tests: readonly string[];
}

interface JestReport {
  readonly success: boolean;
  readonly testResults: readonly { readonly name: string }[];
}

/** Runs every test that can collect, in processes of their own, and reads what they collected. @throws with the words of jest when a test fails */
export async function collectAnswers(): Promise<Collected> {
  const folder = tempFolder();
  try {
    const report = join(folder.path, 'report.json');
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const related = ['--findRelatedTests', join(ROOT, 'test/support/collected-answers.ts')];
    const parameters = [jest, '--config', '.ci/jest.config.cjs', ...related, '--json', '--outputFile', report];
    const env = { ...process.env, [COLLECT_INTO]: folder.path };
    const child = spawn(process.execPath, parameters, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const [words, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    if (status !== 0) throw new Error(`the tests that hand answers to port22 fail, status ${status}:\n${words}`);
    const { testResults }: JestReport = JSON.parse(readFileSync(report, 'utf8'));
    return {
      answers: readdirSync(folder.path)
        .filter((name) => name.endsWith('.jsonl'))
        .flatMap((name) => linesOf(join(folder.path, name))),
      tests: testResults.map(({ name }) => relative(ROOT, name)),
    };
  } finally {
    folder.remove();
  }
}

function linesOf(file: string): CollectedLine[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

/** The calls whose lists the files of the bundled example are. */
const EXAMPLE_FILES: Readonly<Record<string, string>> = {
  'gcp/firewall-rules.json': 'compute.firewalls.list',
  'gcp/instances.json': 'compute.instances.aggregatedList',
  'gcp/networks.json': 'compute.networks.list',
  'gcp/routes.json': 'compute.routes.list',
  'gcp/subnets.json': 'compute.subnetworks.aggregatedList',
  'azure/nics.json': 'Microsoft.Network/networkInterfaces/read',
  'azure/nsgs.json': 'Microsoft.Network/networkSecurityGroups/read',
  'azure/public-ips.json': 'Microsoft.Network/publicIPAddresses/read',
  'azure/vms.json': 'Microsoft.Compute/virtualMachines/read',
  'azure/vnets.json': 'Microsoft.Network/virtualNetworks/read',
};

/** The records of Google Cloud and Azure in the bundled example. @throws for a file of which nobody says what it lists */
export function exampleAnswers(): CollectedLine[] {
  return (['gcp', 'azure'] as const).flatMap((cloud) =>
    readdirSync(join(ROOT, 'examples/three-clouds', cloud)).map((name): CollectedLine => {
      const test = `${cloud}/${name}`;
      const operation = EXAMPLE_FILES[test];
      if (operation === undefined) throw new Error(`nobody says which list examples/three-clouds/${test} is`);
      const body: unknown = JSON.parse(readFileSync(join(ROOT, 'examples/three-clouds', test), 'utf8'));
      return { cloud, operation, form: cloud === 'gcp' ? 'gcloud' : 'az', body, test, invented: [] };
    }),
  );
}

/** What these tests hand to port22 are resources of programs: they name ids of a cloud, and no answer of it. */
const TESTS_OF_PLANS = /^(?:gate|plan|policies|e2e\/engine)\//;

/** The tests that write records of a cloud themselves. */
export function testsWithRecords(): string[] {
  const names = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('e2e/schema') && !TESTS_OF_PLANS.test(name))
    .map((name) => `test/${name}`)
    .filter((name) => /compute#|Microsoft\.(?:Network|Compute)\//.test(readFileSync(join(ROOT, name), 'utf8')));
}
