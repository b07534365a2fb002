import { explain } from '../ask/explain.js';
import { findingOf as describePiece } from '../ask/finding.js';
import { afterFirstBoot } from '../ask/host-report.js';
import { assess } from '../engine/index.js';
import type { Cause, GateFinding, GateGap, Piece, Step, Verdict, Way as WayTo } from '../model/index.js';
import type { Link, Links } from '../plan/links.js';
import { AddressSet, formatAddress } from '../set/index.js';
import type { Answered, CloudPlan, Judgement, Way } from './deployment.js';
import { gapsOf } from './gaps.js';
import type { Sources } from './sources.js';
import { componentWords, pathWords, quoted, ruleWords } from './words.js';

/** What one way comes to for the asked clients: somebody surely gets in, somebody may, or nobody. */
type Outcome = 'open' | 'unsure' | 'closed';

/** A way with who of the asked clients gets in. */
interface Told {
  readonly outcome: Outcome;
  readonly who: AddressSet;
  /** The instance by which they come. */
  readonly by: Answered | undefined;
}

function tell({ answers }: Way, sources: Sources): Told {
  for (const [outcome, pick] of [
    ['open', (one: Answered) => one.open],
    ['unsure', (one: Answered) => one.unsure],
  ] as const) {
    const who = answers.map((one) => sources.among(pick(one), one.ownNetworks));
    const by = answers[who.findIndex((set) => !set.isEmpty)];
    const [only] = who;
    if (by) return { outcome, who: only && who.length === 1 ? only : AddressSet.unionOf(who), by };
  }
  return { outcome: 'closed', who: AddressSet.empty, by: answers[0] };
}

function verdictOf(told: readonly Told[], isOver: boolean, sources: Sources): Verdict {
  const outcomes = new Set(told.map(({ outcome }) => outcome));
  if (isOver || told.length === 0 || outcomes.size > 1 || outcomes.has('unsure')) return 'unknown';
  if (!outcomes.has('open')) return 'unreachable';
  // Everybody of one prefix is everybody: a machine without IPv6 is none the less open to all that can ask.
  return told.every(({ who, by }) => by && sources.isWhole(who, by.ownNetworks)) ? 'reachable' : 'partial';
}

/** What becomes of a client on ways that many machines share. */
const pieces = new WeakMap<WayTo, Map<string, Piece | undefined>>();

function openPiece(way: WayTo, client: AddressSet, port: number): Piece | undefined {
  const key = `${client.prefixes().join()} ${port}`;
  const known = pieces.get(way) ?? new Map<string, Piece | undefined>();
  pieces.set(way, known);
  if (!known.has(key)) {
    const open = ({ verdict }: Piece) => verdict === 'reachable' || verdict === 'partial';
    known.set(key, assess(way, port, client).find(open));
  }
  return known.get(key);
}

/** The way in of the first of these clients, step by step. */
function wayIn(by: Answered, who: AddressSet, port: number): readonly Step[] {
  const { first } = who;
  if (!first) return [];
  const client = AddressSet.range(first, first);
  for (const path of by.paths) {
    if (!path.way.origin.has(first)) continue;
    const piece = openPiece(path.way, client, port);
    if (piece) return describePiece(path, piece, { from: formatAddress(first), port }, []).steps;
  }
  return [];
}

/** How a link was told where no id tells it. */
function tellingOf(link: Link): 'by dependency' | 'by count' | undefined {
  if (link.is === 'linked') return link.byCount ? 'by count' : 'by dependency';
  return link.is === 'open' && link.held.length > 0 ? 'by dependency' : undefined;
}

/** The links of a machine, and of what its packets pass, that dependencies told. */
function assumedLinks(links: Links, judgement: Judgement, steps: readonly Step[]): string[] {
  const passed = new Set(steps.flatMap(({ component }) => links.describers(component.id).map(({ urn }) => urn)));
  for (const urn of [judgement.record.urn, ...judgement.by]) passed.add(urn);
  const found = new Map<string, string[]>();
  for (const record of judgement.slice.records) {
    if (!passed.has(record.urn)) continue;
    for (const telling of ['by dependency', 'by count'] as const) {
      const paths = links.of(record).flatMap(({ path, link }) => (tellingOf(link) === telling ? [path] : []));
      if (paths.length === 0) continue;
      const words = `${paths.join(', ')} of ${quoted(record.name)}`;
      found.set(telling, [...(found.get(telling) ?? []), words]);
    }
  }
  return [...found].map(([telling, words]) => `links ${telling}: ${words.join(', ')}`);
}

function defaultsPassed(links: Links, steps: readonly Step[]): string[] {
  const words = steps
    .map(({ component }) => componentWords(links, component))
    .filter((text) => text.startsWith('default '));
  return [...new Set(words)].map((text) => `${text} as the cloud makes it`);
}

/** The rule whose change keeps them out: that of the layer that is made of permissions. */
function changeOf(links: Links, by: Answered, steps: readonly Step[]): string | undefined {
  for (const step of steps) {
    const words = step.direction === 'inbound' ? ruleWords(links, by.planned, step) : undefined;
    if (words !== undefined) return words;
  }
  return undefined;
}

/** What a deployment makes of one machine, for some sources. */
export function findingOf(cloud: CloudPlan, judgement: Judgement, sources: Sources): GateFinding {
  const { links } = cloud;
  const { record, ways, isOver } = judgement;
  const machine = { urn: record.urn, type: record.type, name: record.name };
  const told = ways.map((way) => tell(way, sources));
  const verdict = verdictOf(told, isOver, sources);
  const base = { machine, kind: judgement.kind, missing: [], notes: judgement.notes, blockedBy: [] };
  if (verdict === 'unreachable') return { ...base, verdict, from: [], path: [], assumed: [] };
  const declared = verdict === 'unknown' ? judgement.declared().map((way) => tell(way, sources)) : [];
  const open = [...told, ...declared].find(({ outcome }) => outcome === 'open');
  const isLikely =
    told.some(({ outcome }, index) => outcome === 'open' && isDeclared(judgement, ways[index])) ||
    declared.some(({ outcome }) => outcome === 'open');
  const who = open?.who ?? AddressSet.unionOf(told.map((one) => one.who));
  const by = open?.by ?? told[0]?.by;
  const steps = open?.by ? wayIn(open.by, open.who, cloud.port) : [];
  const change = open?.by && changeOf(links, open.by, steps);
  const outcome = (way: Way) => tell(way, sources).outcome;
  return {
    ...base,
    verdict,
    ...(verdict === 'unknown' && { guess: isLikely ? ('reachable' as const) : ('unreachable' as const) }),
    from: by ? sources.wordsFor(who, by.ownNetworks) : [],
    path: open?.by ? pathWords(links, open.by.planned, steps) : [],
    assumed: [
      ...assumedLinks(links, judgement, steps),
      ...defaultsPassed(links, steps),
      ...(by?.planned.assumed ?? []),
    ],
    missing: verdict === 'unknown' ? missingOf(cloud, judgement, outcome, told) : [],
    ...(change !== undefined && { change }),
  };
}

/** What would settle an unknown verdict; where the program names nothing, what the cloud's own rules lack. */
function missingOf(
  cloud: CloudPlan,
  judgement: Judgement,
  outcome: (way: Way) => Outcome,
  told: readonly Told[],
): readonly GateGap[] {
  const gaps = gapsOf(cloud, judgement, outcome);
  const unsure = told.find((one) => one.outcome === 'unsure');
  if (gaps.length > 0 || !unsure?.by) return gaps;
  const { first } = unsure.who;
  if (!first) return gaps;
  const { planned, instanceId } = unsure.by;
  const { report } = explain(planned.cloud, { target: instanceId, from: formatAddress(first), port: cloud.port });
  const missing = report?.targets[0]?.findings.flatMap((finding) => finding.missing) ?? [];
  return [...new Set(missing.map(({ message }) => message))].map((text) => ({ code: 'ev-unresolved', text }));
}

function isDeclared({ slice }: Judgement, way: Way | undefined): boolean {
  return (
    way !== undefined && slice.choices.every(({ choice }) => choice.isDeclared(way.selection.get(choice.key) ?? 0))
  );
}

/** What keeps the first of these clients out; ways that exist only to tell that are among them. */
function causesFor({ planned, instanceId }: Answered, who: AddressSet, port: number): readonly Cause[] {
  const { first } = who;
  if (!first) return [];
  const { report } = explain(planned.cloud, { target: instanceId, from: formatAddress(first), port });
  return report?.targets[0]?.findings[0]?.causes ?? [];
}

/** Whom user data surely keep out of a machine to which the cloud lets all these clients, and by what. */
function closedAtBoot({ planned, instanceId }: Answered, clients: AddressSet, port: number) {
  const found = planned.cloud.find(instanceId);
  const firstBoot = found.kind === 'target' ? planned.cloud.host(found.target, null, port).firstBoot : undefined;
  if (!firstBoot?.isSure) return { who: AddressSet.empty, causes: [] };
  const { closed } = afterFirstBoot(firstBoot, clients, { from: '', port });
  return { who: closed, causes: afterFirstBoot(firstBoot, closed, { from: '', port }).causes };
}

/** The same for sources that are to get in: what keeps out the first of them that does not surely do. */
export function keptOutOf(cloud: CloudPlan, judgement: Judgement, sources: Sources): GateFinding {
  const finding = findingOf(cloud, judgement, sources);
  const by = judgement.ways[0]?.answers[0];
  if (!by) return finding;
  const clients = sources.clients(by.ownNetworks);
  const out = clients.subtract(by.open);
  const isLetIn = out.isEmpty && finding.verdict !== 'unknown';
  const boot = isLetIn ? closedAtBoot(by, clients, cloud.port) : undefined;
  if (boot?.who.isEmpty) return { ...finding, verdict: 'reachable' };
  const who = boot?.who ?? (out.isEmpty ? clients : out);
  const causes = boot?.causes ?? causesFor(by, who, cloud.port);
  const blockedBy = causes.map(({ component, code }) => ({
    component: componentWords(cloud.links, component),
    code: code.replace(/^[a-z]+\//, ''),
  }));
  const from = sources.wordsFor(who, by.ownNetworks);
  const { change: _, ...rest } = finding;
  return {
    ...rest,
    isWanted: true,
    verdict: finding.verdict === 'unknown' ? 'unknown' : 'unreachable',
    from,
    blockedBy,
  };
}
