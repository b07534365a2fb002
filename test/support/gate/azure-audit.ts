import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addressSet } from '../../../src/set/index.js';
import type { Fixture } from '../azure/fixture.js';
import { port22 } from '../command.js';
import { tempFolder } from '../temp-folder.js';
import { previewOf, type Written } from './azure-plan.js';

interface Report {
  readonly targets: readonly {
    readonly target: { readonly id: string; readonly name: string };
    readonly unknownFrom: readonly string[];
    readonly flags: readonly string[];
  }[];
}

async function reported(resources: readonly Written[], recorded: Fixture | undefined, port: number): Promise<Report> {
  const folder = tempFolder();
  const write = (path: string, value: unknown): string => {
    const file = join(folder.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(value));
    return file;
  };
  const plan = write('preview.json', previewOf(resources));
  for (const { path, value } of recorded?.documents('fetched') ?? []) write(join('recorded', path), value);
  const inputs = recorded ? ['--in', plan, '--in', join(folder.path, 'recorded')] : ['--in', plan];
  const { out, err } = await port22(['audit', ...inputs, '--port', String(port), '--format', 'json']);
  folder.remove();
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Report;
}

export type Audited = Readonly<Record<string, 'open' | 'closed' | 'unknown'>>;

/** Each machine of a plan that is laid over a recording, with whether somebody on the internet gets in. */
export async function audited(resources: readonly Written[], recorded?: Fixture, port = 22): Promise<Audited> {
  const { targets } = await reported(resources, recorded, port);
  const somebody = addressSet(['198.100.0.1']);
  const word = ({ unknownFrom, flags }: Report['targets'][number]) =>
    flags.includes('world-open') ? 'open' : addressSet(unknownFrom).covers(somebody) ? 'unknown' : 'closed';
  return Object.fromEntries(targets.map((one) => [one.target.name, word(one)]));
}
