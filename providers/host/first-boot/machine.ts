import { type HostRule, perhaps } from './host-rule.js';
import { type ImageFamily, stockFiles } from './stock-image.js';
import { type Doubt, type Line, type Told, told } from './told.js';

/** An address that sshd binds. `any` is every address of the families. */
export interface BoundListener {
  /** Without brackets; `any` where it is every address. */
  readonly address: string;
  readonly port: number;
  readonly families: readonly (4 | 6)[];
}

export interface Ufw {
  readonly enabled: boolean;
  readonly incoming: 'allow' | 'drop' | 'reject';
  readonly rules: readonly HostRule[];
  /** The words of each rule that tell it from others, in the order of `rules`. */
  readonly keys: readonly string[];
}

/** What a zone of firewalld lets in, and what becomes of the rest. */
export interface Zone {
  readonly rules: readonly HostRule[];
  readonly target: 'allow' | 'drop' | 'reject';
}

export type Zones = ReadonlyMap<string, Zone>;

export interface Firewalld {
  /** `maybe` where images of the family differ. */
  readonly running: 'yes' | 'no' | 'maybe';
  /** The zone of an interface without a zone of its own. */
  readonly zone: string;
  /** Zones that were changed; the others are as firewalld brings them. */
  readonly runtime: Zones;
  readonly permanent: Zones;
}

/** What a chain INPUT holds, with its policy; rules of both families stand in one list, by their peers. */
export interface InputChain {
  readonly rules: readonly HostRule[];
  readonly policy: 'allow' | 'drop';
  /** What goes out is dropped unless a rule lets it: `answered` where one does for connections that are open. */
  readonly output?: 'drops' | 'answered';
  readonly by?: Line;
}

/** What user data can change, as facts; each is known or is not because of a line. */
export interface Facts {
  readonly installed: boolean;
  readonly running: boolean;
  readonly atBoot: boolean;
  readonly masked: boolean;
  /** systemd listens for sshd. */
  readonly socket: boolean;
  /** What is bound while it runs. */
  readonly bound: readonly BoundListener[];
  /** What ssh.socket would bind, by the units that systemd has loaded. */
  readonly socketUnit: readonly BoundListener[];
  /** sshd has a key of its own to show. */
  readonly hostKeys: boolean;
  readonly ufw: Ufw;
  readonly firewalld: Firewalld;
  readonly iptables: InputChain;
  readonly ip6tables: InputChain;
  readonly nft: InputChain;
  /** The rules of iptables are loaded at boot. */
  readonly savesRules: boolean;
  readonly reboots: boolean;
}

export type FactName = keyof Facts;
type ToldFacts = { [Name in FactName]: Told<Facts[Name]> };

export interface Machine {
  readonly family: ImageFamily;
  /** null is a file that is not there. What is not in the map nobody has written: it is as the image has it. */
  readonly files: Map<string, Told<string | null>>;
  readonly facts: ToldFacts;
  /** Lines after which anything may be otherwise, and nothing says that it is. */
  readonly mayChange: Doubt[];
  readonly notes: Doubt[];
}

export const noRules: InputChain = { rules: [], policy: 'allow' };

/** A machine of an image as its distribution publishes it, before its first boot. */
export function stockMachine(family: ImageFamily): Machine {
  const facts: ToldFacts = {
    installed: told(true),
    running: told(false),
    atBoot: told(true),
    masked: told(false),
    socket: told(family === 'ubuntu'),
    bound: told([]),
    socketUnit: told([{ address: 'any', port: 22, families: [4, 6] }]),
    hostKeys: told(true),
    ufw: told({ enabled: false, incoming: 'drop', rules: [], keys: [] }),
    firewalld: told({
      running: family === 'rhel' ? 'maybe' : 'no',
      zone: 'public',
      runtime: new Map(),
      permanent: new Map(),
    }),
    iptables: told(noRules),
    ip6tables: told(noRules),
    nft: told(noRules),
    savesRules: told(false),
    reboots: told(false),
  };
  const files = new Map([...stockFiles(family)].map(([path, text]) => [path, told<string | null>(text)] as const));
  return { family, files, facts, mayChange: [], notes: [] };
}

/** Says a fact anew. */
export function state<Name extends FactName>({ facts }: Machine, name: Name, fact: Told<Facts[Name]>): void {
  Object.assign(facts, { [name]: fact });
}

/** Changes a fact that is known; one that is not stays so. */
export function change<Name extends FactName>(
  machine: Machine,
  name: Name,
  line: Line,
  how: (value: Facts[Name]) => Facts[Name],
): void {
  const fact = machine.facts[name];
  if (!fact.known) return;
  const value = how(fact.value);
  if (value !== fact.value) state(machine, name, told(value, line));
}

/** The same machine, to try something on it. */
export function copyOf({ family, files, facts, mayChange, notes }: Machine): Machine {
  return { family, files: new Map(files), facts: { ...facts }, mayChange: [...mayChange], notes: [...notes] };
}

/** Makes `machine` what it is when nobody knows whether it became `after`: where the two differ, nothing is known. */
export function mergeMaybe(machine: Machine, after: Machine, doubt: Doubt): void {
  for (const name of factNames) mergeFact(machine, after, name, doubt);
  for (const [path, file] of after.files) {
    const before = machine.files.get(path);
    if (before !== file && !sameTold(before ?? told(null), file))
      machine.files.set(path, { known: false, doubt: naming(doubt, file) });
  }
  machine.mayChange.push(...after.mayChange.slice(machine.mayChange.length));
  machine.notes.push(...after.notes.slice(machine.notes.length));
}

const factNames: readonly FactName[] = [
  ...([
    'installed',
    'running',
    'atBoot',
    'masked',
    'socket',
    'bound',
    'socketUnit',
    'hostKeys',
    'ufw',
    'firewalld',
  ] as const),
  ...(['iptables', 'ip6tables', 'nft', 'savesRules', 'reboots'] as const),
];

function mergeFact<Name extends FactName>(machine: Machine, after: Machine, name: Name, doubt: Doubt): void {
  const before = machine.facts[name];
  const then = after.facts[name];
  if (sameTold(before, then)) return;
  if (!mergeRules(machine, after, name, doubt)) state(machine, name, { known: false, doubt: naming(doubt, then) });
}

/** The doubt with the line that would make it so. */
function naming({ why, line }: Doubt, then: Told<unknown>): Doubt {
  return then.known ? { why, line: then.by ?? line } : then.doubt;
}

/** Rules that were added may be there: the others are as sure as before. */
function mergeRules(machine: Machine, after: Machine, name: FactName, doubt: Doubt): boolean {
  if (name === 'iptables' || name === 'ip6tables' || name === 'nft') {
    const [before, then] = [machine.facts[name], after.facts[name]];
    if (!before.known || !then.known || before.value.policy !== then.value.policy) return false;
    const rules = perhaps(before.value.rules, then.value.rules, doubt);
    if (rules) state(machine, name, told({ ...before.value, rules }, doubt.line));
    return rules !== undefined;
  }
  if (name !== 'ufw') return false;
  const [before, then] = [machine.facts.ufw, after.facts.ufw];
  if (!before.known || !then.known) return false;
  if (before.value.enabled !== then.value.enabled || before.value.incoming !== then.value.incoming) return false;
  const rules = perhaps(before.value.rules, then.value.rules, doubt);
  if (rules) state(machine, 'ufw', told({ ...then.value, rules }, doubt.line));
  return rules !== undefined;
}

function sameTold<T>(a: Told<T>, b: Told<T>): boolean {
  if (a === b) return true;
  if (!a.known || !b.known) return !a.known && !b.known;
  return (
    a.value === b.value || (isBound(a.value) && isBound(b.value) && JSON.stringify(a.value) === JSON.stringify(b.value))
  );
}

function isBound(value: unknown): boolean {
  return Array.isArray(value);
}
