import type { Problem } from '../model/index.js';
import { parseAddress } from '../set/index.js';
import { collectScript } from './collect-script.js';
import type { Context } from './context.js';
import { type Call, isProblem, misuse, portOf } from './options.js';
import { writeResult } from './output.js';

/** `port22 collect`: prints the script, with the client and the port of the call as what it asks about. */
export async function collectCommand({ call, shell, report }: Context): Promise<number> {
  const [word] = call.words;
  if (word !== undefined) {
    const fix = 'run the script that it prints on the machine itself';
    return report([misuse(`collect takes no target, but found ${word}`, 'the command line', 'it asks nobody', fix)], 2);
  }
  const port = portOf(call);
  const client = clientOf(call);
  const problems = [port, client].filter(isProblem);
  if (isProblem(port) || isProblem(client)) return report(problems, 2);
  const unwritten = await writeResult(call, shell, [scriptFor(client, port)]);
  return unwritten ? report([unwritten], 2) : 0;
}

/** What `--client` says; nothing but an address may get into the script. */
function clientOf(call: Call): string | Problem {
  const text = call.text('client');
  if (text === undefined) return '';
  if (/^[0-9a-fA-F:.]+$/.test(text) && parseAddress(text)) return text;
  const why = 'the machine is asked how it would answer that address';
  return misuse(`${text} is not an IP address`, '--client', why, 'give the address from which the client connects');
}

function scriptFor(client: string, port: number): string {
  return replacedOnce(
    replacedOnce(collectScript(), "\nclient=''\n", `\nclient='${client}'\n`),
    "\nport='22'\n",
    `\nport='${port}'\n`,
  );
}

function replacedOnce(text: string, old: string, fresh: string): string {
  const [before, after, ...more] = text.split(old);
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`the script has no line ${old}`);
  return before + fresh + after;
}
