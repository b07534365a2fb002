import { clientSystems } from '../ask/client-os.js';
import { diagnose } from '../ask/diagnose.js';
import { type ExplainQuestion, explain } from '../ask/explain.js';
import { remedyWithoutHost } from '../evidence/host.js';
import type { DiagnosisReport, Observation, Problem, Verdict } from '../model/index.js';
import { diagnoseText, explainText, reportJson } from '../report/index.js';
import { pathWords, symptomWords } from '../report/words.js';
import type { Context } from './context.js';
import { type Known, knownBy } from './known.js';
import { type Call, choiceOf, isProblem, misuse, portOf } from './options.js';
import { writeResult } from './output.js';
import { readSawText } from './saw.js';

function assertion(expected: 'reachable' | 'unreachable', verdict: Verdict): number {
  if (verdict === 'unknown') return 3;
  return verdict === expected ? 0 : 1;
}

interface Asked {
  readonly question: ExplainQuestion;
  readonly format: 'text' | 'json';
  readonly expected: 'reachable' | 'unreachable' | undefined;
}

/** What the call asks, or the first thing that is wrong with it. */
function askedBy(call: Call): Asked | Problem {
  const [target, ...extra] = call.words;
  const from = call.text('from');
  if (target === undefined || target === '')
    return misuse(
      'there is no target',
      'TARGET',
      'explain needs an instance to judge',
      'port22 explain web-1 --from 203.0.113.7 --aws',
    );
  if (extra.length > 0)
    return misuse(
      `there is more than one target: ${[target, ...extra].join(' ')}`,
      'TARGET',
      'explain judges one instance',
      'ask for each by itself, or use port22 audit',
    );
  if (from === undefined)
    return misuse(
      'there is no source',
      '--from',
      'who connects decides the answer, so there is no default',
      'give --from ADDRESS, PREFIX, internet or INSTANCE',
    );
  const port = portOf(call);
  const format = choiceOf(call, 'format', ['text', 'json'], 'text');
  const expected = choiceOf(call, 'expect', ['reachable', 'unreachable']);
  const clientOs = choiceOf(call, 'client-os', clientSystems);
  const via = choiceOf(call, 'via', Object.keys(pathWords));
  if (isProblem(port)) return port;
  if (isProblem(format)) return format;
  if (isProblem(expected)) return expected;
  if (isProblem(clientOs)) return clientOs;
  if (isProblem(via)) return via;
  const narrowed = { ...(via !== undefined && { via }), ...(clientOs && { clientOs }) };
  return { question: { target, from, port, ...narrowed }, format, expected };
}

/** What remains of all causes, where the caller tells what the client printed. */
function diagnosisOf(
  observations: readonly Observation[],
  { target, from, port = 22 }: ExplainQuestion,
  known: Known,
): DiagnosisReport | undefined {
  const question = { observations, target, from, port };
  return (
    diagnose(question, { ...known, remedy: remedyWithoutHost, symptomWords: (symptom) => symptomWords[symptom] })
      .report ?? undefined
  );
}

/** `port22 explain TARGET --from SOURCE`. */
export async function explainCommand({ call, shell, paint, report }: Context): Promise<number> {
  const asked = askedBy(call);
  if (isProblem(asked)) return report([asked], 2);
  const saw = call.text('saw');
  const seen = saw === undefined ? undefined : await readSawText(saw, shell, asked.question.clientOs);
  if (seen?.problem) return report([seen.problem], 2);
  const known = await knownBy(call, shell);
  if (isProblem(known)) return report([known], 2);
  const cloud = known.cloud ?? known.host?.alone;
  if (!cloud) return 2;
  const answer = explain(cloud, asked.question, known.cloud && known.host);
  const [judged] = answer.report?.targets ?? [];
  report([...known.problems, ...answer.problems], 0);
  if (!answer.report || !judged) return 2;
  const diagnosis = seen && diagnosisOf(seen.observations, asked.question, known);
  const json = asked.format === 'json';
  const unwritten = await writeResult(
    call,
    shell,
    json
      ? reportJson({ ...answer.report, ...(diagnosis && { diagnosis: diagnosis.attempts }) })
      : [explainText(answer.report, paint), ...(diagnosis ? ['\n', diagnoseText(diagnosis, paint)] : [])],
  );
  if (unwritten) return report([unwritten], 2);
  if (known.unread) return 2;
  return asked.expected ? assertion(asked.expected, judged.verdict) : answer.exitCode;
}
