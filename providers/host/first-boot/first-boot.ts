import { groupBy } from '../../../src/memo.js';
import type { CauseCode } from '../../../src/model/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { type Booted, boot } from './boot.js';
import { decodeUserData, type UserDataEncoding } from './decode-user-data.js';
import { gapOf, type HostFilter, hostFilters } from './host-filters.js';
import type { BoundListener, Machine } from './machine.js';
import { sshdListeners } from './sshd-listeners.js';
import { type ImageFamily, imageFamilies } from './stock-image.js';
import { type Doubt, type Line, type Told, told, untold } from './told.js';
import type { UserDataPart } from './user-data-part.js';
import { doubtWrittenFirewalls } from './written-firewall.js';

export interface FirstBootOptions extends UserDataEncoding {
  /** Whose image it is; where nobody knows, all are tried, or those whose tools user data calls. */
  readonly family?: ImageFamily | 'unknown';
}

/** What user data makes of a machine of a distribution's own image at its first boot. Texts are those of a stranger. */
export interface FirstBoot {
  /** The images that it is said of. */
  readonly families: readonly ImageFamily[];
  /** What sshd, or systemd for it, has bound in the end; empty where nothing listens. */
  readonly listeners: Told<readonly BoundListener[]>;
  /** The same when sshd was started first: until the end of cloud-init a client may find this. */
  readonly atStart: Told<readonly BoundListener[]>;
  /** Why nothing listens in the end. */
  readonly stopped?: { readonly code: CauseCode; readonly line?: Line };
  /** Packet filters of the machine, all of which must let a packet in. */
  readonly filters: readonly HostFilter[];
  /** The files of TCP wrappers that user data writes; whether sshd asks them depends on how it was built. */
  readonly wrappers: { readonly allow?: Told<string | null>; readonly deny?: Told<string | null> };
  /** Whether a line of user data says anything of listeners or filters. */
  readonly touches: boolean;
  /** Lines that may do anything (`curl | sh`, a program that is fetched), and of which nothing says that they change who gets in. */
  readonly mayChange: readonly Doubt[];
  /** What a reader should know and no verdict hangs on: an edit that changes nothing, user data that is ignored. */
  readonly notes: readonly Doubt[];
  /** Where images differ: one of these holds. */
  readonly either?: readonly FirstBoot[];
}

/**
 * What user data makes of a machine at its first boot, by the lines of it in their order. The files of the image are those of its
 * distribution; an image of one's own may hold others. Where a line is not understood what it is about is not known, with the line.
 * Never throws.
 */
export function firstBoot(
  userData: string | Uint8Array | readonly UserDataPart[],
  { family = 'unknown', encoding }: FirstBootOptions = {},
): FirstBoot {
  const isRaw = typeof userData === 'string' || userData instanceof Uint8Array;
  const parts = isRaw ? decodeUserData(userData, encoding ? { encoding } : {}) : userData;
  const families = family === 'unknown' ? likelyFamilies(parts) : [family];
  return agreed(families.map((each) => outcome(boot(parts, each), each)));
}

/** The families whose package manager or firewall user data calls: nobody calls apt on an image of the RHEL family. */
function likelyFamilies(parts: readonly UserDataPart[]): readonly ImageFamily[] {
  const text = parts.map((part) => ('text' in part ? part.text : '')).join('\n');
  const called = [
    [/\b(apt|apt-get|ufw|dpkg)\b/, ['debian', 'ubuntu']],
    [/\b(dnf|yum|firewall-cmd|amazon-linux-extras)\b/, ['rhel', 'amazon', 'amazon2023']],
    [/\bapk\b/, ['alpine']],
  ] as const;
  const fitting = called.filter(([tool]) => tool.test(text));
  const [only] = fitting;
  return only && fitting.length === 1 ? only[1] : imageFamilies;
}

function outcome({ atStart, atEnd }: Booted, family: ImageFamily): FirstBoot {
  doubtWrittenFirewalls(atEnd);
  const { files, facts, mayChange, notes } = atEnd;
  const filters = hostFilters(atEnd);
  const listeners = listenersOf(atEnd);
  const stopped = stoppedBy(atEnd);
  const [allow, deny] = [files.get('/etc/hosts.allow'), files.get('/etc/hosts.deny')];
  const start = listenersOf(atStart);
  const touches =
    !listeners.known ||
    listeners.by !== undefined ||
    !start.known ||
    start.by !== undefined ||
    filters.some(({ line }) => line !== undefined) ||
    facts.running.known === false ||
    deny !== undefined;
  return {
    families: [family],
    listeners,
    atStart: start,
    ...(stopped && { stopped }),
    filters,
    wrappers: { ...(allow && { allow }), ...(deny && { deny }) },
    touches,
    mayChange,
    notes: [...notes, ...notLoaded(atEnd)],
  };
}

function listenersOf({ facts: { running, bound } }: Machine): Told<readonly BoundListener[]> {
  if (!running.known) return running;
  return running.value ? bound : told([], running.by);
}

function stoppedBy(machine: Machine): FirstBoot['stopped'] {
  const { running, hostKeys, installed } = machine.facts;
  if (!running.known || running.value) return undefined;
  const line = running.by ?? (hostKeys.known ? hostKeys.by : undefined);
  if (installed.known && installed.value && hostKeys.known && !hostKeys.value) {
    return { code: 'host/no-host-keys', ...(hostKeys.by && { line: hostKeys.by }) };
  }
  const code = sshdListeners(machine) === 'broken' ? 'host/bad-config' : 'host/no-listener';
  return { code, ...(line && { line }) };
}

/** Files that say other than what is bound: the next start of sshd changes who gets in. */
function notLoaded(machine: Machine): readonly Doubt[] {
  const { running, bound, socket } = machine.facts;
  const next = sshdListeners(machine);
  if (next === 'broken' || !next.known || !bound.known || !running.known || !running.value) return [];
  if ((socket.known && socket.value) || JSON.stringify(next.value) === JSON.stringify(bound.value)) return [];
  const line = next.by ?? { at: '/etc/ssh/sshd_config', text: '' };
  return [{ why: 'sshd was not started again after this, so it has no effect until the next boot', line }];
}

/** What holds for all images, or that nobody knows which of the outcomes does. */
function agreed(outcomes: readonly FirstBoot[]): FirstBoot {
  const [first, ...others] = outcomes;
  if (!first) throw new Error('there is no family to try');
  const distinct = [...groupBy(outcomes, keyOf).values()].flatMap((alike): FirstBoot[] => {
    const [one] = alike;
    return one ? [{ ...one, families: alike.flatMap((each) => each.families) }] : [];
  });
  const families = outcomes.flatMap((each) => each.families);
  if (distinct.length === 1 || others.length === 0) return { ...first, families };
  const { stopped: _, ...rest } = first;
  return {
    ...rest,
    families,
    listeners: agreedFact(outcomes.map(({ listeners }) => listeners)),
    atStart: agreedFact(outcomes.map(({ atStart }) => atStart)),
    filters: agreedFilters(outcomes),
    touches: outcomes.some(({ touches }) => touches),
    either: distinct,
  };
}

const imageWhy = 'it depends on whose image the machine is of';

function agreedFact(facts: readonly Told<readonly BoundListener[]>[]): Told<readonly BoundListener[]> {
  const [first = told<readonly BoundListener[]>([])] = facts;
  const isSame = facts.every((fact) => factKey(fact) === factKey(first));
  if (isSame) return first;
  const doubtful = facts.find((fact) => !fact.known) ?? facts.find((fact) => fact.known && fact.by) ?? first;
  return untold(imageWhy, doubtful.known ? (doubtful.by ?? { at: 'image', text: '' }) : doubtful.doubt.line);
}

function factKey(fact: Told<readonly BoundListener[]>): string {
  return fact.known ? JSON.stringify(fact.value) : '?';
}

function agreedFilters(outcomes: readonly FirstBoot[]): readonly HostFilter[] {
  const [first] = outcomes;
  if (!first || outcomes.every(({ filters }) => filtersKey(filters) === filtersKey(first.filters)))
    return first?.filters ?? [];
  const line = outcomes.flatMap(({ filters }) => filters).find((filter) => filter.line)?.line ?? {
    at: 'image',
    text: '',
  };
  const of = outcomes.map(({ filters }) => ({ kind: 'all', of: filters.map(({ filter }) => filter) }) as const);
  const by = outcomes.flatMap(({ filters }) => filters)[0]?.by ?? 'ufw';
  return [{ by, filter: { kind: 'either', of, gap: gapOf({ why: imageWhy, line }) }, line }];
}

function filtersKey(filters: readonly HostFilter[]): string {
  return JSON.stringify(filters, (_, value: unknown) => (value instanceof AddressSet ? value.prefixes() : value));
}

function keyOf({ listeners, atStart, filters, stopped }: FirstBoot): string {
  return [factKey(listeners), factKey(atStart), filtersKey(filters), stopped?.code ?? ''].join('\n');
}
