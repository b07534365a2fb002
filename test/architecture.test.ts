import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { impuritiesOf } from './support/impurities.js';
import { tempFolder } from './support/temp-folder.js';

const ROOT = join(__dirname, '..');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const RULES = join(ROOT, '.ci/dependency-cruiser.cjs');
const MOST_LINES = 400;

interface Dependency {
  readonly resolved: string;
  readonly dynamic: boolean;
  readonly dependencyTypes: readonly string[];
}
interface Cruise {
  readonly modules: readonly { readonly source: string; readonly dependencies: readonly Dependency[] }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

function cruise(root: string): Cruise {
  const folders = ['src', 'providers', 'policies'].filter((folder) => existsSync(join(root, folder)));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [CRUISER, '--config', RULES, '--output-type', 'json', ...folders],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  if (stdout === '') throw new Error(`dependency-cruiser did not run: ${stderr}`);
  return JSON.parse(stdout) as Cruise;
}

function violations(found: Cruise): string[] {
  return found.summary.violations.map(({ from, to, rule }) => `${from} -> ${to}: ${rule.name}`);
}

/** The SDK packages that loading `entry` loads with it; what stands behind import() or is only a type is not loaded. */
function sdksLoadedBy(entry: string, { modules }: Cruise): string[] {
  const bySource = new Map(modules.map((module) => [module.source, module.dependencies]));
  const loaded = new Set([entry]);
  for (const source of loaded) {
    for (const { resolved, dynamic, dependencyTypes } of bySource.get(source) ?? []) {
      if (!dynamic && !dependencyTypes.includes('type-only')) loaded.add(resolved);
    }
  }
  const sdk = /node_modules\/(@aws-sdk|@smithy|@azure|@google-cloud|@pulumi\/(?!policy\/|pulumi\/))/;
  return [...loaded].filter((source) => sdk.test(source));
}

function sources(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    existsSync(join(ROOT, folder))
      ? readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.ts'))
          .map((name) => join(folder, name))
      : [],
  );
}

function isPure(file: string): boolean {
  return !/^src\/(cli\/|index\.ts$)|^providers\/[^/]+\/(fetch|probe)(-[a-z0-9-]+)?\.ts$|^policies\/pack\.ts$/.test(
    file,
  );
}

describe('the sources', () => {
  const ours = cruise(ROOT);

  test('import only what the table allows', () => {
    expect(ours.modules.length).toBeGreaterThan(20);
    expect(violations(ours)).toEqual([]);
  });

  test('load no SDK before one is needed', () => {
    const entries = ['src/cli/main.ts', 'src/index.ts', 'policies/pack.ts'];
    expect(entries.flatMap((entry) => sdksLoadedBy(entry, ours))).toEqual([]);
  });

  test.each(sources('src', 'providers', 'policies').filter(isPure))(
    '%s has no clock, chance, environment or network',
    (file) => {
      expect(impuritiesOf(readFileSync(join(ROOT, file), 'utf8'))).toEqual([]);
    },
  );

  test(`have at most ${MOST_LINES} lines a file`, () => {
    const lines = sources('src', 'providers', 'policies').map((file) => ({
      file,
      lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1,
    }));
    expect(lines.filter((file) => file.lines > MOST_LINES)).toEqual([]);
  });
});

describe('the import rules', () => {
  const folder = tempFolder();
  afterAll(folder.remove);
  folder.write({
    'package.json': '{ "dependencies": { "@aws-sdk/client-ec2": "1.0.0", "picocolors": "1.0.0" } }',
    'node_modules/@aws-sdk/client-ec2/package.json':
      '{ "name": "@aws-sdk/client-ec2", "version": "1.0.0", "main": "index.js" }',
    'node_modules/@aws-sdk/client-ec2/index.js': 'exports.EC2Client = class {};',
    'node_modules/picocolors/package.json': '{ "name": "picocolors", "version": "1.0.0", "main": "index.js" }',
    'node_modules/picocolors/index.js': 'exports.bold = String;',
    'src/set/index.ts': "import '../model/index.js';",
    'src/model/index.ts': "import type { Provider } from '../provider.js';",
    'src/provider.ts': "import '../providers/aws/snapshot.js';\nexport interface Provider {}",
    'src/engine/index.ts': "import '../message/index.js';",
    'src/plan/index.ts': "import { env } from 'node:process';",
    'src/diagnose/index.ts': "import '../engine/index.js';",
    'src/ask/index.ts': "import '../../providers/aws/snapshot.js';",
    'src/message/index.ts': "import { bold } from 'picocolors';",
    'src/report/index.ts': "import { readFileSync } from 'fs';",
    'src/stray.ts': "import './set/index.js';",
    'src/cli/main.ts': "import { EC2Client } from '@aws-sdk/client-ec2';\nimport '../missing.js';",
    'src/index.ts': "import '../providers/aws/fetch.js';",
    'providers/aws/fetch.ts':
      "import { EC2Client } from '@aws-sdk/client-ec2';\nimport { readFileSync } from 'node:fs';\nimport '../../src/cli/main.js';",
    'providers/aws/index.ts': "export const fetch = () => import('./fetch.js');",
    'providers/aws/snapshot.ts': "import '../gcp/snapshot.js';",
    'providers/aws/instance.ts': "import type { EC2Client } from '@aws-sdk/client-ec2';",
    'providers/gcp/snapshot.ts': "import './vpc.js';",
    'providers/gcp/vpc.ts': "import './snapshot.js';",
    'policies/no-ssh.ts': "import '../providers/aws/snapshot.js';",
    'policies/pack.ts': "import '@aws-sdk/client-ec2';\nimport '../src/report/index.js';",
  });
  const bad = cruise(folder.path);

  test.each([
    ['src/set/index.ts', 'src/model/index.ts', 'src/set imports what its row allows'],
    ['src/model/index.ts', 'src/provider.ts', 'src/model imports what its row allows'],
    ['src/provider.ts', 'providers/aws/snapshot.ts', 'src/provider.ts imports what its row allows'],
    ['src/engine/index.ts', 'src/message/index.ts', 'src/engine imports what its row allows'],
    ['src/plan/index.ts', 'process', 'src/plan imports what its row allows'],
    ['src/diagnose/index.ts', 'src/engine/index.ts', 'src/diagnose imports what its row allows'],
    ['src/message/index.ts', 'node_modules/picocolors/index.js', 'src/message imports what its row allows'],
    ['src/ask/index.ts', 'providers/aws/snapshot.ts', 'src/ask imports what its row allows'],
    ['src/report/index.ts', 'fs', 'src/report imports what its row allows'],
    ['src/stray.ts', 'src/set/index.ts', 'a file directly in src has a row'],
    ['src/cli/main.ts', 'node_modules/@aws-sdk/client-ec2/index.js', 'only fetch and probe import an SDK'],
    ['src/index.ts', 'providers/aws/fetch.ts', 'fetch and probe are loaded when they are used'],
    ['src/cli/main.ts', '../missing.js', 'every import exists'],
    ['providers/aws/fetch.ts', 'src/cli/main.ts', 'fetch and probe see their own provider and the neutral model'],
    ['providers/aws/snapshot.ts', 'providers/gcp/snapshot.ts', 'providers imports what its row allows'],
    ['providers/aws/instance.ts', 'node_modules/@aws-sdk/client-ec2/index.js', 'providers imports what its row allows'],
    ['providers/gcp/snapshot.ts', 'providers/gcp/vpc.ts', 'no cycle'],
    ['policies/no-ssh.ts', 'providers/aws/snapshot.ts', 'policies imports what its row allows'],
    ['policies/pack.ts', 'node_modules/@aws-sdk/client-ec2/index.js', 'only fetch and probe import an SDK'],
  ])('forbid %s to import %s', (from, to, rule) => {
    expect(violations(bad)).toContain(`${from} -> ${to}: ${rule}`);
  });

  test('allow what the table allows', () => {
    const wrong = bad.summary.violations
      .filter(({ from }) => from !== 'src/cli/main.ts')
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(wrong).not.toContain('providers/aws/fetch.ts -> node_modules/@aws-sdk/client-ec2/index.js');
    expect(wrong).not.toContain('providers/aws/fetch.ts -> fs');
    expect(wrong).not.toContain('providers/aws/index.ts -> providers/aws/fetch.ts');
    expect(wrong).not.toContain('policies/pack.ts -> src/report/index.ts');
  });

  test('see an SDK behind a static import', () => {
    expect(sdksLoadedBy('src/index.ts', bad)).toEqual(['node_modules/@aws-sdk/client-ec2/index.js']);
    expect(sdksLoadedBy('providers/aws/instance.ts', bad)).toEqual([]);
    expect(sdksLoadedBy('providers/aws/index.ts', bad)).toEqual([]);
  });
});

describe('the search for impurities', () => {
  test.each([
    'const a = Date.now();',
    'const a = new Date();',
    'const a = Math.random();',
    'const a = process.env.HOME;',
    'const { env } = process;',
    'setTimeout(run, 10);',
    'const pages = await fetch(url);',
    'run(fetch);',
    'const shell = { fetch };',
    'const now = performance.now();',
    'console.error(1);',
    'const a = globalThis.process;',
    'if (process) run();',
    'export const id = () => crypto.randomUUID();',
  ])('finds %s', (source) => {
    expect(impuritiesOf(source).length).toBeGreaterThan(0);
  });

  test.each([
    '// the sshd process. Date.now( is not read',
    "const text = 'process. fetch(x)';",
    'interface Provider { fetch(region: string): Promise<void> }',
    'await provider.fetch(region);',
    'const shell = { fetch: download };',
    'type Clock = typeof Date;',
    'const a = Date.parse(text);',
  ])('lets pass %s', (source) => {
    expect(impuritiesOf(source)).toEqual([]);
  });
});
