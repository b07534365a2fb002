import {
  type Contradiction,
  type DiagnosisEvidence,
  type Excluded,
  type Expectation,
  signsOfState,
  signsOfSteps,
  diagnose as workBack,
} from '../diagnose/index.js';
import { contradictionMeans, describeCause, mismatchWords } from '../message/index.js';
import type {
  DiagnosedAttempt,
  DiagnosisReport,
  ExcludedCause,
  Finding,
  NamedContradiction,
  Observation,
  Problem,
  Sign,
  Symptom,
  TargetReport,
} from '../model/index.js';
import type { Cloud, HostEvidence, Target } from '../provider.js';
import { type Address, AddressSet, type Family, formatAddress, parseAddress, parsePrefix } from '../set/index.js';
import { version } from '../version.js';
import { problem } from './answer.js';
import { explain } from './explain.js';
import { isKnown, type Ranking, rankedOf } from './ranked-cause.js';

export interface DiagnoseQuestion {
  /** What clients showed, one for each attempt at an address. */
  readonly observations: readonly Observation[];
  /** Who tried: an address, or an instance of the records. */
  readonly from?: string;
  /** An instance of the records. */
  readonly target?: string;
  readonly port?: number;
}

/** What is known beside what was seen. */
export interface DiagnoseKnowledge {
  readonly cloud?: Cloud;
  readonly host?: HostEvidence;
  /** What removes a cause on a machine that has told nothing of itself. */
  readonly remedy?: HostEvidence['remedy'];
  /** What a client sees, in words. */
  readonly symptomWords: (symptom: Symptom) => string;
}

/** The answer to a question after causes. */
export interface DiagnosisAnswer {
  readonly report: DiagnosisReport | null;
  readonly problems: readonly Problem[];
  /** 0 a cause is proved for every attempt · 2 no answer · 3 several causes remain, or the evidence contradicts what was seen. */
  readonly exitCode: 0 | 2 | 3;
}

/** The causes of a walk as signs, in packet order. A cloud's own causes are one cause to whoever sits before an error. */
function signsOfFinding(finding: Finding): Sign[] {
  if (finding.verdict !== 'unreachable') return [];
  return finding.causes.flatMap(({ code, component, message }): Sign[] => {
    const own = isKnown(code);
    const sign: Sign = {
      code: own ? code : 'path/cloud-filter',
      says: 'proves',
      at: own ? component.id : code,
      line: message,
    };
    return [sign, ...signsOfState(code, message, component.id)];
  });
}

/** What user data made of the machine when it booted first may be so still. */
function signsOfBoot(target: TargetReport | undefined): Sign[] {
  return (target?.host.causes ?? []).flatMap(({ code, component, message }): Sign[] =>
    component.kind === 'user-data' && isKnown(code) ? [{ code, says: 'suggests', at: 'user data', line: message }] : [],
  );
}

/** What a client sees of what stops its first packet. */
const beforeOpening: ReadonlySet<Symptom> = new Set<Symptom>([
  'times-out',
  'refused',
  'no-route',
  'net-unreachable',
  'permission-denied',
  'no-protocol',
]);

/** A connection that opened although its first packet is stopped: something before the machine opened it, or it is another one. */
function signsOfOpening({ stage }: Observation, walked: Walked | undefined): Sign[] {
  if (stage === 'resolving' || stage === 'connecting' || walked?.expectation.verdict !== 'unreachable') return [];
  const { symptom, signs } = walked.expectation;
  const stop = signs.find(({ says }) => says === 'proves');
  if (!stop || !beforeOpening.has(symptom)) return [];
  const line = `the connection opened, and yet ${stop.line}`;
  const opener = symptom === 'refused' ? 'path/proxy-without-listener' : 'path/silent-proxy';
  return ([opener, 'path/other-machine'] as const).map((code) => ({ code, says: 'suggests', at: stop.at, line }));
}

/** What a rule that depends on other packets, on time or on chance may do is what a limit does. */
function signsOfDoubt({ missing }: Finding): Sign[] {
  const stateful = missing.find(({ code, couldChange }) => code === 'host/ev-stateful' && couldChange);
  return stateful ? [{ code: 'host/rate-limit', says: 'suggests', at: 'packet filters', line: stateful.what }] : [];
}

/** What a walk that reaches the machine excludes: the cloud, where its records were asked. */
function signsOfPassing(finding: Finding, isCloud: boolean): Sign[] {
  const host = signsOfSteps(finding.steps);
  const cloudStops = finding.causes.some(({ code }) => !isKnown(code));
  const cloudDoubts = finding.steps.some(({ layer, effect }) => effect !== 'passes' && !hostLayers.has(layer));
  if (!isCloud || cloudStops || cloudDoubts) return host;
  const line = `the records let ${finding.from.join(', ')} through on the path "${finding.path}"`;
  return [...host, { code: 'path/cloud-filter', says: 'excludes', at: 'records', line }];
}

const hostLayers = new Set([
  'host-firewall',
  'listener',
  'return-route',
  'reverse-path',
  'tcp-wrappers',
  'port-forward',
  'daemon',
]);

interface Walked {
  readonly expectation: Expectation;
  readonly target: TargetReport;
}

/** Sends the client through everything that is known, as explain does. */
function walk(
  cloud: Cloud,
  known: DiagnoseKnowledge,
  { target, from, port }: { readonly target: string; readonly from: string; readonly port: number },
): Walked | Problem[] {
  const { report, problems } = explain(cloud, { target, from, port });
  const [judged] = report?.targets ?? [];
  if (!judged) return [...problems];
  const findings = judged.findings;
  const stopped = judged.verdict === 'unreachable' ? findings.slice(0, 1).flatMap(signsOfFinding) : [];
  const passed = findings
    .slice(0, 1)
    .flatMap((finding) => [...signsOfDoubt(finding), ...signsOfPassing(finding, known.cloud !== undefined)]);
  const { verdict, symptom } = judged;
  return {
    expectation: { verdict, symptom, seesMachine: known.host !== undefined, signs: [...stopped, ...passed] },
    target: judged,
  };
}

function excludedOf({ cause, because }: Excluded, symptomWords: DiagnoseKnowledge['symptomWords']): ExcludedCause {
  const component = { kind: 'host', id: 'the machine' };
  const { message } = describeCause({ code: cause.code, data: {} }, component, null, { from: '', port: 22 });
  if (because.kind === 'look')
    return { code: cause.code, message, by: 'look', because: mismatchWords(because.mismatch, symptomWords) };
  const { at, line } = because.kind === 'sign' ? because.sign : because.still;
  return { code: cause.code, message, by: 'evidence', because: `${at}: ${line}` };
}

function contradictionOf(
  { kind, expected, signs }: Contradiction,
  { symptoms }: Observation,
  words: DiagnoseKnowledge['symptomWords'],
): NamedContradiction {
  const seen = symptoms.map(words).join(', or ');
  const because = signs.filter(({ says }) => says === 'proves').map(({ line }) => line);
  const reasons = because.length > 0 ? ` (${because.join('; ')})` : '';
  const message =
    kind === 'open'
      ? `the evidence lets the client through, and yet: ${seen}`
      : `the evidence says that ${words(expected)}${reasons}, and yet: ${seen}`;
  return { kind, message, means: contradictionMeans[kind] };
}

/** The client, where it is told: by the caller, else by the bundle, which was gathered for one; that one came by its own family only. */
function clientOf(
  { from }: DiagnoseQuestion,
  { host }: DiagnoseKnowledge,
  family: Family | undefined,
): { text?: string; set?: AddressSet } {
  if (from !== undefined) {
    const prefix = parsePrefix(from);
    return { text: from, ...(prefix && { set: AddressSet.fromPrefixes([prefix]) }) };
  }
  const only = host?.client?.first;
  return only && host?.client && (family === undefined || only.family === family)
    ? { text: formatAddress(only), set: host.client }
    : {};
}

/** That what was dialled is none of the target's addresses, as records or bundle tell them. */
function strangeAddress(
  dialled: Address | undefined,
  { cloud, host }: DiagnoseKnowledge,
  target: Target | undefined,
): NamedContradiction | undefined {
  if (!dialled) return undefined;
  const text = formatAddress(dialled);
  const says = (holder: string) => ({
    kind: 'address' as const,
    message: `the client dialled ${text}, ${holder}`,
    means: contradictionMeans.address,
  });
  if (cloud && target) {
    const found = cloud.find(text);
    if (found.kind === 'target') {
      return found.target.ref.id === target.ref.id ? undefined : says(`and that is ${found.target.ref.id}`);
    }
    if (found.kind === 'none') return says('and no record gives that address to the target');
    return undefined;
  }
  // Before a machine in a cloud an address may be translated; of its own family it then has a private one.
  return host &&
    host.owns(dialled) === false &&
    AddressSet.of('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7').has(dialled)
    ? says('and the machine that told of itself does not have that address')
    : undefined;
}

interface Asked {
  readonly question: DiagnoseQuestion;
  readonly knowledge: DiagnoseKnowledge;
  readonly cloud: Cloud | undefined;
  readonly target: Target | undefined;
  readonly problems: Problem[];
}

function attemptOf(seen: Observation, asked: Asked): DiagnosedAttempt {
  const { question, knowledge, cloud, target } = asked;
  const { host, symptomWords } = knowledge;
  const port = question.port ?? seen.port ?? 22;
  // Behind a hop it was the hop that dialled, and by which address is not told.
  const dialled = seen.address === undefined ? undefined : parseAddress(seen.address);
  const client = seen.through ? {} : clientOf(question, knowledge, seen.family ?? dialled?.family);
  const family =
    seen.family ?? dialled?.family ?? (client.set?.families().length === 1 ? client.set.first?.family : undefined);
  const observation: Observation = family ? { ...seen, family } : seen;
  const strange = strangeAddress(dialled, knowledge, target);
  const walked =
    cloud && target && client.text !== undefined && !strange
      ? walkTo(asked, cloud, target, { dialled, client: client.text, port })
      : undefined;
  const evidence: DiagnosisEvidence = {
    ...(client.set && { client: client.set }),
    signs: strange
      ? []
      : [
          ...(host ? host.signs(client.set, dialled, port) : signsOfBoot(walked?.target)),
          ...signsOfOpening(observation, walked),
        ],
    ...(host && !strange && { attempt: host.attempt(client.set, dialled, port) }),
    ...(walked && { expectation: walked.expectation }),
  };
  const { candidates, excluded, contradictions } = workBack(observation, evidence);
  const best = walked?.target.findings[0];
  const fixes = best?.fixes ?? [];
  const ranking: Ranking = { observation, client, port, fixes, remedy: host?.remedy ?? knowledge.remedy };
  return {
    observation,
    expected: walked
      ? {
          verdict: walked.target.verdict,
          symptom: walked.target.symptom,
          causes: best?.causes ?? [],
          missing: best?.missing ?? [],
        }
      : null,
    causes: candidates.map((candidate) => rankedOf(candidate, ranking)),
    excluded: excluded.map((one) => excludedOf(one, symptomWords)),
    contradictions: [
      ...(strange ? [strange] : []),
      ...contradictions.map((one) => contradictionOf(one, observation, symptomWords)),
    ],
  };
}

function walkTo(
  { knowledge, problems }: Asked,
  cloud: Cloud,
  target: Target,
  { dialled, client, port }: { readonly dialled: Address | undefined; readonly client: string; readonly port: number },
): Walked | undefined {
  const text = dialled ? formatAddress(dialled) : target.ref.id;
  const walked = walk(cloud, knowledge, { target: text, from: client, port });
  if (!Array.isArray(walked)) return walked;
  problems.push(...walked);
  return undefined;
}

/** The target that is meant: the one that was named, the one that was dialled, or the machine that told of itself. */
function targetOf(
  question: DiagnoseQuestion,
  { cloud, host }: DiagnoseKnowledge,
  problems: Problem[],
): Target | undefined {
  if (!cloud) return host && [...host.alone.targets()][0];
  const { target, observations } = question;
  const texts = target === undefined ? observations.flatMap(({ address, host: name }) => [address, name]) : [target];
  for (const text of texts) {
    const found = text === undefined ? undefined : cloud.find(text);
    if (found?.kind === 'target') return found.target;
  }
  const why = target === undefined ? 'no record knows what the client dialled' : 'no record knows it, or several do';
  problems.push(
    problem(
      target === undefined ? 'the target is not told' : `there is no single target ${target}`,
      'TARGET',
      `${why}, so the records say nothing of it`,
      'name the instance as port22 explain takes it',
      'warning',
    ),
  );
  return undefined;
}

/** Works back from what clients saw to the causes that remain, with everything else that is known. */
export function diagnose(question: DiagnoseQuestion, knowledge: DiagnoseKnowledge): DiagnosisAnswer {
  const problems: Problem[] = [];
  const target = targetOf(question, knowledge, problems);
  const { host } = knowledge;
  const cloud =
    knowledge.cloud && host && target ? host.join(knowledge.cloud, target) : (knowledge.cloud ?? host?.alone);
  const asked: Asked = { question, knowledge, cloud, target, problems };
  const attempts = question.observations.map((observation) => attemptOf(observation, asked));
  const isSettled = attempts.every(
    ({ causes, contradictions }) => causes[0]?.standing === 'proved' && contradictions.length === 0,
  );
  const report: DiagnosisReport = {
    schema: 'port22/diagnosis/v1',
    tool: { name: 'port22', version },
    question: {
      command: 'diagnose',
      target: target?.ref.id ?? null,
      from: question.from === undefined ? [] : [question.from],
      port: question.port ?? question.observations[0]?.port ?? 22,
    },
    attempts,
    gaps: cloud?.gaps() ?? [],
  };
  return { report, problems, exitCode: isSettled ? 0 : 3 };
}
