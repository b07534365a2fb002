import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TempFolder, tempFolder } from '../temp-folder.js';
import { startCommand } from './child.js';
import { type LogLine, Monitor, type ReadResource, type World } from './monitor.js';
import type { Registration } from './registrations.js';

const MODULES = join(__dirname, '../../../node_modules');
const PLAIN = join(__dirname, 'plain-inspect.cjs');
/** Less than a test may take, so that nothing outlives it. */
const LONGEST_MS = 18_000;

export interface ProgramRun {
  /** What a policy pack would be told of, in the order of the requests; the stack and providers too. */
  readonly registrations: readonly Registration[];
  readonly reads: readonly ReadResource[];
  readonly invokes: Monitor['invokes'];
  /** What the program told the engine; errors are here rather than on stderr. */
  readonly log: readonly LogLine[];
  /** The exit code; null where the program took too long. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Previews the program of a folder, in JavaScript or TypeScript (which is not checked), with the SDKs that it has and no Pulumi. */
export async function runProgram(
  folder: string,
  given: Partial<World> = {},
  longestMs: number = LONGEST_MS,
): Promise<ProgramRun> {
  const nothing = { computed: () => [], invoke: () => undefined, read: () => ({}) };
  const world = { project: 'p', stack: 's', config: {}, ...nothing, ...given };
  const monitor = new Monitor(world);
  const address = await monitor.start();
  const deployment = ['--organization', 'o', '--project', world.project, '--stack', world.stack];
  const child = startCommand(
    'run',
    ['--monitor', address, '--engine', address, ...deployment, '--pwd', folder, '--parallel', '16', '--dry-run', './'],
    {
      folder,
      env: {
        NODE_OPTIONS: `--require ${JSON.stringify(PLAIN)}`,
        PULUMI_CONFIG: JSON.stringify(world.config),
        PULUMI_NODEJS_TYPESCRIPT: String(readdirSync(folder).some((name) => name.endsWith('.ts'))),
        PULUMI_NODEJS_TRANSPILE_ONLY: 'true',
      },
    },
  );
  const timer = setTimeout(() => void child.kill(), longestMs);
  const exit = await child.closed;
  clearTimeout(timer);
  monitor.stop();
  const { reads, invokes, log, registrations } = monitor;
  return {
    registrations: registrations.all,
    reads,
    invokes,
    log,
    exit,
    stdout: child.stdout(),
    stderr: child.stderr(),
  };
}

/** A folder outside of the repository that finds the repository's packages; the caller removes it. */
export function programFolder(files: Record<string, string>): TempFolder {
  const folder = tempFolder();
  folder.write({ 'package.json': '{ "name": "program", "version": "0.0.1" }', ...files });
  symlinkSync(MODULES, join(folder.path, 'node_modules'), 'dir');
  return folder;
}
