import type { CauseCode, DiagnosedAttempt, DiagnosisReport } from '../../../src/model/index.js';
import { knownCauses } from '../../../src/model/index.js';
import { port22 } from '../command.js';
import { tempFolder } from '../temp-folder.js';
import { bundleOf } from './bundle-text.js';
import type { Lab, SshRan } from './lab.js';
import { type Recipe, V4 } from './recipes/recipe.js';
import { addresses } from './topology.js';

/** The client as the server sees it: where no router stands between, by its address on the server's own network. */
function clientOf({ host = V4, router }: Recipe): string {
  return addresses[router ? 'client' : 'neighbour'][host.includes(':') ? 6 : 4];
}

/** What `time ssh -v` shows. */
function seenBy({ stderr, ms }: SshRan): string {
  return `${stderr}\nreal\t${Math.floor(ms / 60_000)}m${((ms % 60_000) / 1000).toFixed(3)}s\n`;
}

/**
 * What `port22 diagnose` says to whom pastes what a real ssh printed, and has `port22 collect` run at the server meanwhile.
 * @throws when it gives no answer, with what it says
 */
export async function diagnosed(
  recipe: Recipe,
  ssh: SshRan,
  { server }: Pick<Lab, 'server'>,
): Promise<DiagnosedAttempt> {
  const bundle = await bundleOf(server, `--client ${clientOf(recipe)} --port ${recipe.port ?? 22}`);
  const folder = tempFolder();
  try {
    folder.write({ 'server.bundle': bundle });
    const told = ['--host', `${folder.path}/server.bundle`, '--format', 'json'];
    const { out, err } = await port22(['diagnose', '--saw', '-', ...told], { stdin: seenBy(ssh) });
    const attempts = out === '' ? [] : (JSON.parse(out) as DiagnosisReport).attempts;
    // A hop that lets the client in is an attempt of its own, and so is a login that the server ends.
    const failed = attempts.filter(({ observation }) => !observation.symptoms.includes('connects'));
    const [attempt = attempts[0]] = failed;
    if (!attempt || failed.length > 1) throw new Error(`${attempts.length} attempts: ${err}\n${seenBy(ssh)}`);
    return attempt;
  } finally {
    folder.remove();
  }
}

/** A cause and all that it leads to. */
function withConsequences(code: CauseCode): CauseCode[] {
  const next = knownCauses.find((cause) => cause.code === code)?.leadsTo ?? [];
  return [code, ...next.flatMap(withConsequences)];
}

/** What is wrong with a diagnosis of what was arranged; undefined where nothing is. */
export function faultOf(recipe: Recipe, { causes }: Pick<DiagnosedAttempt, 'causes'>): string | undefined {
  const { code, symptom, first, besides = [] } = recipe;
  const proved = causes.filter(({ standing }) => standing === 'proved').map((cause) => cause.code);
  const shown = causes.map((cause) => `${cause.code} (${cause.standing})`).join(', ');
  // Nothing keeps this client out.
  if (symptom === 'connects') return proved.length > 0 ? `proved although it connects: ${shown}` : undefined;
  const found = causes.find((cause) => cause.code === code);
  if (!found) return `${code} is not among ${shown}`;
  const wrong = proved.filter(
    (one) => ![code, first?.code, ...besides].some((known) => known && withConsequences(known).includes(one)),
  );
  if (wrong.length > 0) return `wrongly proved ${wrong.join(', ')} of ${shown}`;
  // What the client's own machine does, and what stands between, is in no evidence of the server: there it has to remain.
  if (found.place === 'client' || found.place === 'path') return undefined;
  if (first && found.standing !== 'proved') return `${code} is not proved: ${shown}`;
  return causes[0]?.code === (first?.code ?? code) ? undefined : `${first?.code ?? code} is not the first of ${shown}`;
}
