import { shellWords } from '../gcp/apply-command.js';
import type { Documents } from './recorded-edit.js';

/** What a command was given, by the names of its arguments. */
export type Given = ReadonlyMap<string, readonly string[]>;

export interface Command {
  readonly verb: string;
  readonly given: Given;
}

/** The arguments that a command needs, and those that it takes; a star marks those that take several values. */
export type Arguments = readonly [needs: string, takes: string];

/** What a command does to the records, and what the CLI or the service would refuse. */
export type Edit = (documents: Documents, given: Given) => void;
/** The arguments as `az VERB --help` of CLI 2.91 and the sources of its extensions list them, and what the command does. */
export type Edits = Readonly<Record<string, readonly [...Arguments, Edit]>>;

/** Those that every command about a resource takes. */
const placed: Arguments = ['resource-group', 'subscription no-wait'];

function namesIn(text: string): Map<string, boolean> {
  const words = text.split(' ').filter((word) => word !== '');
  return new Map(words.map((word) => [word.replace('*', ''), word.endsWith('*')]));
}

/** The commands of a line, which `&&` joins; throws for every word that the CLI would not take. */
export function commandsIn(line: string, known: Edits): Command[] {
  return line.split(/ && (?=az )/).map((text) => {
    const [program, ...words] = shellWords(text);
    if (program !== 'az') throw new Error(`not a command of the Azure CLI: ${text}`);
    const first = words.findIndex((word) => word.startsWith('--'));
    const verb = words.slice(0, first).join(' ');
    const shape = known[verb];
    if (!shape) throw new Error(`no test knows what '${verb}' does`);
    const given = read(words.slice(first), [shape[0], shape[1]], text);
    return { verb, given };
  });
}

function read(words: readonly string[], [needs, takes]: Arguments, text: string): Given {
  const required = namesIn(`${placed[0]} ${needs}`);
  const all = new Map([...required, ...namesIn(`${placed[1]} ${takes}`)]);
  const given = new Map<string, string[]>();
  let current: string | undefined;
  for (const word of words) {
    const option = /^--(.*)$/.exec(word)?.[1];
    if (option === undefined) {
      const values = given.get(current ?? '') ?? [];
      if (values.length > 0 && !all.get(current ?? '')) throw new Error(`--${current} takes one value: ${text}`);
      values.push(word);
      continue;
    }
    if (!all.has(option)) throw new Error(`unrecognized arguments: --${option}: ${text}`);
    if (given.has(option)) throw new Error(`--${option} is there twice: ${text}`);
    given.set(option, []);
    current = option;
  }
  for (const [name, values] of given) if (values.length === 0) throw new Error(`--${name}: expected a value: ${text}`);
  for (const name of required.keys()) if (!given.has(name)) throw new Error(`--${name} is required: ${text}`);
  return given;
}

/** All values of an argument; none where it was not given. */
export function several(given: Given, name: string): string[] {
  return [...(given.get(name) ?? [])];
}

/** The value of an argument that must be there. */
export function text(given: Given, name: string): string {
  const [value] = given.get(name) ?? [];
  if (value === undefined || value === '') throw new Error(`--${name} is missing`);
  return value;
}

/** The value of an argument, which must be one of these words; the first is the CLI's default. */
export function word(given: Given, name: string, ...words: readonly string[]): string {
  const [value = words[0]] = given.get(name) ?? [];
  const found = words.find((one) => one.toLowerCase() === value?.toLowerCase());
  if (found === undefined) throw new Error(`--${name} ${value} is none of ${words.join(', ')}`);
  return found;
}

/** The value of an argument as a number between two others. */
export function number(given: Given, name: string, first: number, last: number): number {
  const value = Number(text(given, name));
  if (!Number.isInteger(value) || value < first || value > last) throw new Error(`--${name} ${value}`);
  return value;
}

/** The value of a switch. */
export function isOn(given: Given, name: string, otherwise: boolean): boolean {
  return given.has(name) ? text(given, name) === 'true' : otherwise;
}

/** The id of a resource of the given group: `Microsoft.Compute/virtualMachines/vmA`. */
export function resourceId(given: Given, path: string): string {
  return `/subscriptions/${text(given, 'subscription')}/resourceGroups/${text(given, 'resource-group')}/providers/${path}`;
}

/** The id of the network resource whose name an argument gives. */
export function networkId(given: Given, kind: string, argument: string): string {
  return resourceId(given, `Microsoft.Network/${kind}/${text(given, argument)}`);
}
