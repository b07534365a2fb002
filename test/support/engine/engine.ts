import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type TempFolder, tempFolder } from '../temp-folder.js';
import { type EngineEvent, eventsOf, type Violation, violationsOf } from './events.js';
import { pulumiFolder } from './pulumi-binary.js';
import { type Ran, run } from './run.js';

const PLUGINS = {
  'pulumi-analyzer-policy': 'analyzer.mjs',
  'pulumi-language-nodejs': 'language-host.mjs',
  'pulumi-resource-aws': 'provider.mjs',
  'pulumi-resource-azure-native': 'provider.mjs',
  'pulumi-resource-gcp': 'provider.mjs',
};
const NODE_MODULES = join(__dirname, '../../../node_modules');
const STACK = 'dev';
const COMMAND_MS = 180_000;

/** A policy pack where it is, and its configuration: by policy, as in a file for `--policy-pack-config`. */
export interface PolicyPack {
  readonly folder: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

interface Options {
  readonly policyPacks?: readonly PolicyPack[];
  /** More words of the command line, such as `--target`. */
  readonly flags?: readonly string[];
}

/** What a command did. The engine exits with 255 for every failure: a violation shows in the events only. */
export interface EngineRan extends Ran {
  readonly events: readonly EngineEvent[];
  /** In the order of resource, policy and message. */
  readonly violations: readonly Violation[];
}

/** A resource of an export, as far as tests ask. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
}

export interface StackExport {
  readonly version: number;
  readonly deployment: { readonly resources?: readonly ExportedResource[] };
}

/** A program and its stack in the real engine, in a temporary folder of their own. */
export interface Engine {
  /** The copy of the program. */
  readonly folder: string;
  /** Sets a value of the stack's configuration. */
  configure(key: string, value: string): Promise<void>;
  preview(options?: Options): Promise<EngineRan>;
  /** What `pulumi preview --json` prints. @throws when it fails */
  previewJson(): Promise<unknown>;
  up(options?: Options): Promise<EngineRan>;
  destroy(): Promise<EngineRan>;
  exportStack(): Promise<StackExport>;
  /** Removes everything that this engine wrote. */
  remove(): void;
}

/** What of a folder is the program, and which of its stacks is meant. */
interface Part {
  /** Files and folders in it; all where nothing is said. */
  readonly only?: readonly string[];
  readonly stack?: string;
}

/** Readies a copy of the program's folder. @throws when there is no engine or the stack cannot be made, with the reason */
export async function startEngine(
  program: string,
  config: Readonly<Record<string, string>> = {},
  { only = ['.'], stack = STACK }: Part = {},
): Promise<Engine> {
  const binary = await pulumiFolder();
  const home = tempFolder();
  try {
    const folder = join(home.path, 'program');
    const filter = (path: string) => !path.endsWith('/node_modules');
    for (const part of only) cpSync(join(program, part), join(folder, part), { recursive: true, filter });
    symlinkSync(NODE_MODULES, join(home.path, 'node_modules'));
    const cli = commandLine(folder, environment(home.path, binary));
    await cli.must('stack', 'init', stack);
    const engine = engineIn(home, folder, cli);
    for (const [key, value] of Object.entries(config)) await engine.configure(key, value);
    return engine;
  } catch (error) {
    home.remove();
    throw error;
  }
}

interface CommandLine {
  run(...parameters: readonly string[]): Promise<Ran>;
  /** Stdout. @throws when the command fails */
  must(...parameters: readonly string[]): Promise<string>;
}

function commandLine(cwd: string, env: NodeJS.ProcessEnv): CommandLine {
  const pulumi = (...parameters: readonly string[]): Promise<Ran> =>
    run('pulumi', ['--non-interactive', '--color=never', ...parameters], { cwd, env, timeoutMs: COMMAND_MS });
  return {
    run: pulumi,
    async must(...parameters) {
      const { status, stdout, stderr } = await pulumi(...parameters);
      if (status !== 0) throw new Error(`pulumi ${parameters.join(' ')}: exit status ${status}\n${stdout}${stderr}`);
      return stdout;
    },
  };
}

function engineIn(home: TempFolder, folder: string, cli: CommandLine): Engine {
  let commands = 0;
  const operate = async (command: string, { policyPacks = [], flags = [] }: Options = {}): Promise<EngineRan> => {
    commands += 1;
    const log = join(home.path, `events-${commands}`);
    const packs = packFlags(policyPacks, join(home.path, `config-${commands}`));
    const ran = await cli.run(command, '--event-log', log, ...packs, ...flags);
    const events = existsSync(log) ? eventsOf(readFileSync(log, 'utf8')) : [];
    return { ...ran, events, violations: violationsOf(events) };
  };
  return {
    folder,
    configure: async (key, value) => {
      await cli.must('config', 'set', key, value);
    },
    preview: (options) => operate('preview', options),
    previewJson: async () => JSON.parse(await cli.must('preview', '--json', '--show-sames', '--show-reads')),
    up: ({ flags = [], ...options } = {}) => operate('up', { ...options, flags: ['--yes', ...flags] }),
    destroy: () => operate('destroy', { flags: ['--yes'] }),
    exportStack: async () => JSON.parse(await cli.must('stack', 'export')) as StackExport,
    remove: home.remove,
  };
}

/** A configuration file for each pack: the engine wants none or as many as there are packs. */
function packFlags(packs: readonly PolicyPack[], path: string): string[] {
  const configured = packs.some(({ config }) => config !== undefined);
  return packs.flatMap(({ folder, config = {} }, index) => {
    if (!configured) return ['--policy-pack', folder];
    const file = `${path}-${index}.json`;
    writeFileSync(file, JSON.stringify(config));
    return ['--policy-pack', folder, '--policy-pack-config', file];
  });
}

/** Nothing of the user's Pulumi gets in, and everything that is written stays in `home`. */
function environment(home: string, binary: string): NodeJS.ProcessEnv {
  const bin = join(home, 'bin');
  for (const folder of ['bin', 'pulumi', 'state', 'tmp']) mkdirSync(join(home, folder));
  for (const [name, script] of Object.entries(PLUGINS))
    symlinkSync(join(__dirname, 'plugins', script), join(bin, name));
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|AWS|NODE)_/.test(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: [bin, binary, dirname(process.execPath), process.env.PATH].join(delimiter),
    TMPDIR: join(home, 'tmp'),
    PULUMI_HOME: join(home, 'pulumi'),
    PULUMI_BACKEND_URL: `file://${join(home, 'state')}`,
    PULUMI_CONFIG_PASSPHRASE: 'test',
    PULUMI_DEBUG_COMMANDS: 'true',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    PULUMI_NODEJS_TRANSPILE_ONLY: 'true',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
}
