import { assess, judge } from '../engine/index.js';
import type { Asking } from '../message/index.js';
import type {
  Finding,
  HostReport,
  OtherPort,
  Path,
  Piece,
  Report,
  Symptom,
  TargetReport,
  Verdict,
} from '../model/index.js';
import type { Cloud, FirstBootView, HostEvidence, PathRequest, Target } from '../provider.js';
import { AddressSet, parseAddress } from '../set/index.js';
import { Alternatives } from './alternative.js';
import { type Answer, problem, refusal, wrongPort } from './answer.js';
import { type ClientSystem, clientPortsOf } from './client-os.js';
import { findingOf } from './finding.js';
import { afterFirstBoot, hostReportOf } from './host-report.js';
import { ambiguous, noTarget } from './not-found.js';
import { repair } from './repair.js';
import { reportOf } from './report.js';
import { addressesFor, flagsOf, readSource, type Source, wholeInternet } from './source.js';
import { bestFirst, taken, type Walked } from './walked.js';

export interface ExplainQuestion {
  /** An instance by id, name, address, DNS name or ARN. */
  readonly target: string;
  /** An address, a prefix, several with commas, `internet`, or an instance. */
  readonly from: string;
  /** 1 to 65535; 22 when left out. */
  readonly port?: number;
  /** Only paths of this kind. */
  readonly via?: string;
  readonly clientOs?: ClientSystem;
  /** False: no fixes, which take most of the time where much is to be proved. */
  readonly fixes?: boolean;
}

/** The question as it is asked of one target. */
interface Asked {
  readonly source: Source;
  readonly addresses: AddressSet;
  readonly request: PathRequest;
  readonly via: string | undefined;
  readonly fixes: boolean;
}

/** Walks everything that leads to the target, and keeps what the asked sources can take. */
function walk(cloud: Cloud, target: Target, { request, addresses, via, source }: Asked): Walked[] {
  const paths = cloud.paths(target, request).filter((path) => via === undefined || path.way.kind === via);
  const ways = paths.flatMap((path) => assess(path.way, request.port, addresses).map((piece) => ({ path, piece })));
  return taken(ways, source.host !== undefined);
}

function labelOf(source: Source, piece: Piece): string {
  if (source.internet) return 'internet';
  if (source.host) return source.labels.join(', ');
  const single = (prefix: string) => prefix.replace(/\/(32|128)$/, '');
  const prefixes = piece.from.prefixes();
  return prefixes.length > 3 ? `a part of ${source.labels.join(', ')}` : prefixes.map(single).join(', ');
}

function symptomFor(verdict: Verdict, findings: readonly Finding[]): Symptom {
  if (verdict === 'reachable') {
    const seen = findings.flatMap((finding) => (finding.verdict === verdict ? [finding.symptom] : []));
    return seen.includes('connects') ? 'connects' : (seen[0] ?? 'connects');
  }
  if (verdict === 'unknown') return 'cannot-tell';
  return (
    findings.find((finding) => finding.verdict === 'unreachable' || finding.verdict === 'partial')?.symptom ??
    'times-out'
  );
}

/** Whom a path does not surely let through. */
function closedTo(ways: readonly Walked[], path: Path): AddressSet {
  const closed = ways.filter((way) => way.path === path && way.piece.verdict !== 'reachable');
  return AddressSet.unionOf(closed.map((way) => way.piece.from));
}

function findingsFor(cloud: Cloud, target: Target, ways: readonly Walked[], asked: Asked, mend: boolean): Finding[] {
  const mended = new Set<Path>();
  return ways.map(({ path, piece }) => {
    const asking: Asking = { from: labelOf(asked.source, piece), port: asked.request.port };
    const due = mend && piece.verdict !== 'reachable' && !mended.has(path);
    if (due) mended.add(path);
    return findingOf(path, piece, asking, due ? repair(cloud, target, path, closedTo(ways, path), asked.request) : []);
  });
}

/** What most likely is the answer, over all ways: the best one counts. */
function guessAmong(ways: readonly Walked[]): TargetReport['bestGuess'] {
  const guesses = ways.map(({ piece }) => (piece.verdict === 'unknown' ? piece.guess : piece.verdict));
  if (guesses.includes('reachable')) return 'reachable';
  return guesses.every((guess) => guess === 'unreachable') ? 'unreachable' : undefined;
}

/** Most ports that are asked about beside the one that was. */
const mostOtherPorts = 4;

/** What becomes of the client where sshd listens instead: at the cloud, and at the machine as its first boot leaves it. */
function otherPorts(cloud: Cloud, target: Target, asked: Asked, firstBoot: FirstBootView): OtherPort[] {
  const ports = firstBoot.ports ?? [];
  if (ports.includes(asked.request.port)) return [];
  return ports.slice(0, mostOtherPorts).map((port): OtherPort => {
    const there: Asked = { ...asked, request: { ...asked.request, port } };
    const ways = bestFirst(walk(cloud, target, there));
    const pieces = ways.map(({ piece }) => piece);
    const choice = asked.source.host ? 'one' : 'all';
    const { verdict, reachable } = judge({ addresses: asked.addresses, choice }, pieces);
    if (verdict !== 'reachable')
      return { port, verdict, symptom: symptomFor(verdict, findingsFor(cloud, target, ways, there, false)) };
    const { verdict: own, symptom } = afterFirstBoot(firstBoot, reachable, { from: labelsOf(asked.source), port });
    return { port, verdict: own, symptom };
  });
}

const labelsOf = ({ labels }: Source): string => labels.join(', ');

function hostOf(cloud: Cloud, target: Target, address: string | null, asked: Asked): HostReport {
  const { port } = asked.request;
  const view = cloud.host(target, address, port);
  const report = hostReportOf(view, asked.addresses, { from: labelsOf(asked.source), port });
  const others = view.firstBoot ? otherPorts(cloud, target, asked, view.firstBoot) : [];
  return others.length === 0 ? report : { ...report, otherPorts: others };
}

function targetReport(cloud: Cloud, target: Target, asked: Asked): TargetReport {
  const ways = bestFirst(walk(cloud, target, asked));
  const bestGuess = guessAmong(ways);
  const { verdict, reachable, partial, unknown } = judge(
    { addresses: asked.addresses, choice: asked.source.host ? 'one' : 'all' },
    ways.map(({ piece }) => piece),
  );
  // Nobody should be helped to open a port to the whole internet.
  const mend = asked.fixes && (verdict === 'unreachable' || verdict === 'partial') && !asked.source.internet;
  const findings = findingsFor(cloud, target, ways, asked, mend);
  const asking: Asking = { from: labelsOf(asked.source), port: asked.request.port };
  const best = findings[0]?.address ?? null;
  const alternatives = new Alternatives(asking);
  return {
    target: target.ref,
    verdict,
    ...(verdict === 'unknown' && bestGuess && { bestGuess }),
    symptom: symptomFor(verdict, findings),
    reachableFrom: reachable.prefixes(),
    partialFrom: partial.prefixes(),
    unknownFrom: unknown.prefixes(),
    flags: flagsOf(reachable, wholeInternet(cloud, target)),
    findings,
    host: hostOf(cloud, target, best, asked),
    alternatives: cloud.alternatives(target, asked.request).map((way) => alternatives.of(way, asked.addresses)),
  };
}

const exitCodes = { reachable: 0, unreachable: 1, partial: 3, unknown: 3 } as const;

/**
 * Answers whether a source can open a TCP port on a target, what stops it, and what would mend it. `host` is the target's own word:
 * its firewall, its listener and its routes are judged too.
 */
export function explain(records: Cloud, question: ExplainQuestion, host?: HostEvidence): Answer {
  const wrong = wrongPort(question.port ?? 22);
  if (wrong) return refusal(wrong);
  const found = records.find(question.target);
  if (found.kind === 'many') return refusal(ambiguous(question.target, found, 'TARGET'));
  if (found.kind === 'none') return refusal(noTarget(question.target, found, records));
  const cloud = host ? host.join(records, found.target) : records;
  const { source, problems } = readSource(question.from, cloud);
  if (!source) return refusal(...problems);
  const asked = found.address === undefined ? undefined : parseAddress(found.address);
  const target: Target = asked ? { ...found.target, families: [asked.family] } : found.target;
  const addresses = addressesFor(source, cloud, target);
  const request: PathRequest = {
    port: question.port ?? 22,
    everyone: false,
    from: addresses,
    clients: source.host?.addresses ?? source.named,
    ...(found.address !== undefined && { address: found.address }),
    ...(source.host && { fromInterfaces: source.host.interfaces }),
    ...(question.clientOs && { clientPorts: clientPortsOf(question.clientOs) }),
  };
  const targetAnswer = targetReport(cloud, target, {
    source,
    addresses,
    request,
    via: question.via,
    fixes: question.fixes ?? true,
  });
  if (targetAnswer.findings.length === 0) {
    const why =
      question.via === undefined
        ? 'no path leads from there to the target'
        : `no path of the kind "${question.via}" leads from there to the target`;
    return refusal(
      ...problems,
      problem(
        `nothing to judge from ${source.labels.join(', ')}`,
        question.via === undefined ? '--from' : '--via',
        why,
        'ask for another source or path',
      ),
    );
  }
  const report: Report = reportOf(
    {
      command: 'explain',
      target: question.target,
      from: source.labels,
      port: request.port,
      ...(question.via !== undefined && { via: question.via }),
    },
    [targetAnswer],
    cloud.gaps(),
  );
  return { report, problems, exitCode: exitCodes[targetAnswer.verdict] };
}
