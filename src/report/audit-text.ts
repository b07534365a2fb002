import { componentText, escapeText } from '../message/index.js';
import type { Finding, GapReport, ResourceRef, TargetReport, Violation } from '../model/index.js';
import type { ReportStream } from './json.js';
import type { Paint } from './paint.js';
import { prefixWords, targetWords } from './words.js';

type Group = 'world' | 'some' | 'partial' | 'unknown' | 'closed';

const titles: Readonly<Record<Group, string>> = {
  world: 'open to the whole internet',
  some: 'open to some',
  partial: 'open now and then',
  unknown: 'not known',
  closed: 'closed',
};

function groupOf({ flags, verdict, reachableFrom }: TargetReport): Group {
  if (flags.includes('world-open')) return 'world';
  if (verdict === 'unreachable') return 'closed';
  if (verdict === 'unknown') return 'unknown';
  return reachableFrom.length > 0 ? 'some' : 'partial';
}

/** Why a closed target is closed, or an unknown one unknown: the first cause of the way that comes nearest. */
function briefly(target: TargetReport, group: Group): string {
  const findings: readonly Finding[] = target.findings;
  if (group === 'unknown') {
    const needs = new Set(
      findings.flatMap((finding) =>
        finding.missing.filter((missing) => missing.couldChange).map((missing) => missing.what),
      ),
    );
    return `needs ${[...needs].slice(0, 4).join(', ')}`;
  }
  const stopped = findings.filter((finding) => finding.causes.length > 0);
  const dialled = stopped.filter((finding) => finding.address !== null);
  const nearest = dialled.find((finding) => finding.path !== 'same-subnet') ?? dialled[0] ?? stopped[0];
  return nearest?.causes[0]?.message ?? '';
}

function row(target: TargetReport, group: Group): { readonly who: string; readonly what: string } {
  const who = escapeText(targetWords(target.target));
  const unknown =
    group !== 'unknown' && target.unknownFrom.length > 0 ? `; not known for ${prefixWords(target.unknownFrom)}` : '';
  if (group === 'closed' || group === 'unknown') return { who, what: escapeText(briefly(target, group)) };
  const from = group === 'partial' ? target.partialFrom : target.reachableFrom;
  return { who, what: `from ${prefixWords(from)}${unknown}` };
}

/** More rows of one group than this are only counted. */
const mostRows = 20;

/** The first targets of a group, and how many there are. */
interface Listing {
  readonly rows: { readonly who: string; readonly what: string }[];
  count: number;
}

function* rowsOf({ rows, count }: Listing): Iterable<string> {
  const width = Math.min(60, Math.max(0, ...rows.map(({ who }) => who.length)));
  for (const { who, what } of rows) yield `    ${who.padEnd(width)}  ${what}`;
  if (count > rows.length) yield `    and ${count - rows.length} more (--format json lists them all)`;
}

function gapLines(gaps: readonly GapReport[]): string[] {
  if (gaps.length === 0) return [];
  return ['', '  what could not be read', ...gaps.map((gap) => `    ${escapeText(`${gap.subject}: ${gap.detail}`)}`)];
}

function blameText(blame: ResourceRef, rule: string | null): string {
  return rule === null ? componentText(blame) : `${componentText(blame)}, rule ${rule}`;
}

function violationLines(violations: readonly Violation[], paint: Paint): string[] {
  if (violations.length === 0) return [];
  return [
    '',
    paint.bad('  violations'),
    ...violations.flatMap((one) => [
      `    ${one.severity}  ${escapeText(`${one.policy}: ${one.message}`)}`,
      ...(one.blame ? [paint.faint(`      blame  ${escapeText(blameText(one.blame, one.rule))}`)] : []),
    ]),
  ];
}

/** The answer to `audit`, for people: who is open to whom, the widest first. */
export function auditText(report: ReportStream, paint: Paint): string {
  const groups = new Map<Group, Listing>();
  let count = 0;
  for (const target of report.targets) {
    const group = groupOf(target);
    const listing = groups.get(group) ?? { rows: [], count: 0 };
    groups.set(group, listing);
    if (listing.rows.length < mostRows) listing.rows.push(row(target, group));
    listing.count++;
    count++;
  }
  const tints = { world: paint.bad, some: paint.good, partial: paint.doubt, unknown: paint.doubt, closed: paint.faint };
  const sections = (Object.keys(titles) as Group[]).flatMap((group) => {
    const listing = groups.get(group);
    return listing ? ['', tints[group](`  ${titles[group]}: ${listing.count}`), ...rowsOf(listing)] : [];
  });
  const head = `${paint.strong('audit')}  tcp/${report.question.port}  ${count} ${count === 1 ? 'instance' : 'instances'}`;
  const nobody = count === 0 ? ['', paint.doubt('  no instance is in the evidence')] : [];
  return `${[head, ...nobody, ...sections, ...violationLines(report.violations, paint), ...gapLines(report.gaps)].join('\n')}\n`;
}
