import { readFileSync, statSync } from 'node:fs';
import { readHost, readHostPair } from '../evidence/host.js';
import type { Problem } from '../model/index.js';
import type { HostEvidence } from '../provider.js';
import { type Call, isProblem, misuse } from './options.js';
import { systemWords } from './recorded/system-words.js';

/** The collector keeps its output well below that; a serial console adds little. */
const largest = 256 << 20;

/** What a machine told of itself, and what is wrong with how it was told. */
interface Told {
  readonly host?: HostEvidence;
  readonly problems: readonly Problem[];
}

/** The text of a bundle. Bytes that are no UTF-8 are kept as replacement characters: they decide nothing. */
function textOf(path: string): string | Problem {
  const fix = 'give the file into which the script of port22 collect was run';
  try {
    const { size } = statSync(path);
    if (size <= largest) return readFileSync(path, 'utf8');
    const why = `it has ${size} bytes, and a bundle has ${largest} at most`;
    return misuse('the file is too large for a bundle of a host', path, why, fix);
  } catch (error) {
    return misuse(systemWords(error), path, 'what the machine tells of itself is not known', fix);
  }
}

const located = (path: string, problems: readonly Problem[]): Problem[] =>
  problems.map((one) => ({ ...one, where: `${path}: ${one.where}` }));

/** Reads the files of `--host` and `--host-before`, as far as a call names them. */
export function readHostFiles(call: Call): Told {
  const [path, earlier] = [call.text('host'), call.text('host-before')];
  if (path === undefined) {
    const why = 'the bundle from before the attempt is compared with the one from after it, which is not given';
    const fix = 'give the later bundle as --host, or only one as --host';
    return { problems: earlier === undefined ? [] : [misuse('there is no --host', '--host-before', why, fix)] };
  }
  if (earlier !== undefined && call.text('saw') === undefined) {
    const why = 'what moved on the machine between two bundles is of an attempt, and nothing was seen of one';
    return { problems: [misuse('there is no --saw', '--host-before', why, 'give --saw TEXT, or --host alone')] };
  }
  const after = textOf(path);
  if (isProblem(after)) return { problems: [after] };
  if (earlier === undefined) {
    const { host, problems } = readHost(after);
    return { ...(host && { host }), problems: located(path, problems) };
  }
  const before = textOf(earlier);
  if (isProblem(before)) return { problems: [before] };
  const { host, ofBefore, ofAfter, ofBoth } = readHostPair(before, after);
  return {
    ...(host && { host }),
    problems: [...located(earlier, ofBefore), ...located(path, ofAfter), ...ofBoth],
  };
}
