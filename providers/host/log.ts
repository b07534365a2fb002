import type { CauseCode, Sign } from '../../src/model/index.js';
import { type Address, AddressSet } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { linesOf } from './lines.js';
import { isSshd, logCause } from './log-cause.js';
import { codesLeft, isRepaired, type LogContext, logContext } from './log-context.js';
import { type LogCause, type LogClock, type LogLine, logLine, stampZone, writtenZone } from './log-line.js';
import { namedRecords, partOf } from './reading.js';
import { blockOf, writtenAddress, writtenAddresses } from './source.js';

/** What a log is asked about. */
export interface LogQuestion {
  /** Only lines about this client, its block or everybody are told; all lines where it is left out. */
  readonly client?: Address;
  readonly port: number;
}

/** A line that tells of one cause. */
interface Finding {
  readonly code: CauseCode;
  readonly at: string;
  readonly line: LogLine;
  readonly cause: LogCause;
  readonly from?: AddressSet;
  /** A later line of the same log shows a connection that got further, or a start of sshd. */
  readonly isOver: boolean;
}

/** For so many milliseconds what is broken for every connection is taken to be so still, unless something shows another thing. */
const fresh = 10 * 60_000;
/** What sshd says only when its program, its keys and its directory are there. */
const served =
  /^(?:Accepted|Failed|Invalid user|Connection (?:from|closed by|reset by)|Disconnected from|Received disconnect|Postponed) /;
const started = /^Server listening on /;
/** sshd counts whole blocks of addresses as one source for these (sshd_config(5), PerSourceNetBlockSize). */
const perSource: ReadonlySet<CauseCode> = new Set(['host/per-source-max-startups', 'host/per-source-penalty']);

/**
 * What the logs of sshd, systemd and the kernel say of why connections fail, newest line of each cause, with how many lines say
 * it (`count`), the seconds since (`age`, where both clocks are known), and those until a penalty ends (`left`, negative when it is over).
 *
 * A line proves that something happened, so nearly all of them suggest. Two prove: a penalty whose end, which the line tells, is
 * after the moment of the bundle, written by the sshd that listens now; and what fails for every connection until somebody repairs
 * it, where the line is younger than ten minutes and than the listening sshd, and no later line shows a connection that got further.
 */
export function logSigns(bundle: Bundle, asked: LogQuestion): Sign[] {
  const context = logContext(bundle, asked.port);
  const found = sources(bundle).flatMap(({ key, lines }) => findings(context, key, lines, asked));
  const groups = new Map<string, Finding[]>();
  for (const finding of found) {
    const { reason = '', file = '', permission = '' } = finding.cause.data;
    const key = [finding.code, reason, file, permission, finding.from ? '' : finding.cause.client].join('\n');
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()].map((group) => signOf(context, group));
}

/** The records that hold logs, as lines in their order. */
function sources(bundle: Bundle): readonly { readonly key: string; readonly lines: readonly LogLine[] }[] {
  const journal = linesOf(partOf(bundle, 'journal'));
  // How far the machine's clock is from UTC: by the newest line of the journal, because summer time comes and goes, else by its own word.
  const zone = journal.findLast((line) => stampZone(line) !== undefined);
  const offset = zone === undefined ? writtenZone(partOf(bundle, 'zone').trim()) : stampZone(zone);
  const clock: LogClock = {
    ...(bundle.takenAt === undefined ? {} : { now: bundle.takenAt }),
    ...(offset === undefined ? {} : { zone: offset }),
  };
  const read = (lines: readonly string[], kernel: boolean) =>
    lines.flatMap((text) => logLine(text, clock, kernel) ?? []);
  return [
    { key: 'journal', lines: read(journal, false) },
    ...namedRecords(bundle, 'log').map(({ key }) => ({ key, lines: read(linesOf(partOf(bundle, key)), false) })),
    { key: 'kernel-log', lines: read(linesOf(partOf(bundle, 'kernel-log')), true) },
    { key: 'audit-denials', lines: read(linesOf(partOf(bundle, 'audit-denials')), true) },
  ];
}

function findings(context: LogContext, at: string, lines: readonly LogLine[], asked: LogQuestion): readonly Finding[] {
  const ofSshd = lines.map(({ program, message }) => (isSshd(program) ? message : ''));
  const lastStart = ofSshd.findLastIndex((message) => started.test(message));
  const lastServed = ofSshd.findLastIndex((message) => served.test(message));
  return lines.flatMap((line, i) => {
    const read = logCause(line);
    if (
      !read ||
      isHeading(line, lines[i + 1]) ||
      isToldBefore(line, lines.slice(Math.max(0, i - 10), i)) ||
      (read.port !== undefined && read.port !== asked.port)
    )
      return [];
    return codesLeft(context, read).flatMap((code): Finding[] => {
      const from = clientsOf(context, code, read);
      if (asked.client && from && !from.has(asked.client)) return [];
      // A new start took what was broken with it, or would have failed itself.
      if (read.untilRepair && i < lastStart) return [];
      const isOver = i < lastStart || (read.untilRepair === true && i < lastServed);
      return [{ code, at, line, cause: read, isOver, ...(from ? { from } : {}) }];
    });
  });
}

/** sshd says that it begins to drop connections right before it tells which, and by which limit (sshd.c, drop_connection). */
function isHeading({ message, pid }: LogLine, next: LogLine | undefined): boolean {
  const tells = next !== undefined && next.pid === pid && next.message.startsWith('drop connection #');
  return tells && /^(?:error: )?(?:beginning|in) MaxStartups throttling/.test(message);
}

/** A module of PAM tells why it turns somebody away, and then sshd that PAM did. */
function isToldBefore({ message, pid }: LogLine, before: readonly LogLine[]): boolean {
  if (!/^(?:fatal: )?Access denied for user .* by PAM account configuration/.test(message) || pid === undefined)
    return false;
  return before.some((line) => line.pid === pid && line.message.startsWith('pam_') && logCause(line) !== undefined);
}

/** Whom a line is about; undefined where it names nobody, or only by a name. */
function clientsOf(context: LogContext, code: CauseCode, { client }: LogCause): AddressSet | undefined {
  if (client === undefined || code === 'host/max-startups') return undefined;
  const address = writtenAddress(client);
  if (!address || !perSource.has(code)) return writtenAddresses(client);
  return blockOf(address, context.blockBits[address.family]);
}

function signOf(context: LogContext, group: readonly Finding[]): Sign {
  const proof = group.findLast((finding) => isSoNow(context, finding));
  const shown = proof ?? group.reduce((a, b) => (isNewer(b, a) ? b : a));
  // Where one proves, the others may be about clients for whom it is over.
  const about = proof ? [proof] : group;
  const from = shown.from && AddressSet.unionOf(about.flatMap((finding) => finding.from ?? []));
  const age = ageOf(context, shown.line);
  const ends = penaltyEnd(shown);
  return {
    code: shown.code,
    says: proof ? 'proves' : 'suggests',
    ...(from ? { from } : {}),
    at: shown.at,
    line: shown.line.text,
    data: {
      ...(shown.cause.client === undefined ? {} : { client: shown.cause.client }),
      ...shown.cause.data,
      count: `${group.filter(({ at }) => at === shown.at).length}`,
      ...(age === undefined ? {} : { age: secondsOf(age) }),
      ...(ends === undefined || context.now === undefined ? {} : { left: secondsOf(ends - context.now) }),
    },
  };
}

function secondsOf(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)}`;
}

/** Lines of one log are in order; another log is newer only where both tell the time. */
function isNewer({ line: { time: a }, at }: Finding, { line: { time: b }, at: other }: Finding): boolean {
  return at === other || (a !== undefined && b !== undefined && a > b);
}

/** Milliseconds from a line to the moment of the bundle. */
function ageOf({ now }: LogContext, { time }: LogLine): number | undefined {
  return now === undefined || time === undefined ? undefined : now - time;
}

/** When a penalty ends, in milliseconds since 1970, where the line tells how long it lasts. */
function penaltyEnd({ code, line, cause }: Finding): number | undefined {
  const seconds = Number(cause.data.seconds);
  return code !== 'host/per-source-penalty' || line.time === undefined || Number.isNaN(seconds)
    ? undefined
    : line.time + seconds * 1000;
}

function isSoNow(context: LogContext, finding: Finding): boolean {
  const age = ageOf(context, finding.line);
  if (age === undefined || age < 0 || finding.isOver) return false;
  const ends = penaltyEnd(finding);
  if (ends !== undefined) {
    // Penalties are in the memory of the process that listens, which writes these lines itself (srclimit.c).
    const isOfListener = context.listeners.some(({ pid }) => pid === finding.line.pid);
    return isOfListener && finding.line.time !== undefined && finding.line.time + age < ends;
  }
  if (!finding.cause.untilRepair || age > fresh || isRepaired(context, finding.code, finding.cause)) return false;
  return context.listeners.length > 0 && context.listeners.every((listener) => (listener.age ?? 0) * 1000 > age);
}
