import { clientSystems } from '../ask/client-os.js';
import { explain } from '../ask/explain.js';
import type { Problem, Verdict } from '../model/index.js';
import { explainText, reportJson } from '../report/index.js';
import type { Context } from './context.js';
import { readInput } from './input.js';
import { choiceOf, isProblem, misuse, portOf } from './options.js';
import { writeResult } from './output.js';

function assertion(expected: 'reachable' | 'unreachable', verdict: Verdict): number {
  if (verdict === 'unknown') return 3;
  return verdict === expected ? 0 : 1;
}

/** `port22 explain TARGET --from SOURCE`. */
export async function explainCommand({ call, shell, paint, report }: Context): Promise<number> {
  const fail = (problem: Problem) => report([problem], 2);
  const [target, ...extra] = call.words;
  const from = call.text('from');
  if (target === undefined)
    return fail(
      misuse(
        'there is no target',
        'TARGET',
        'explain needs an instance to judge',
        'port22 explain web-1 --from 203.0.113.7 --aws',
      ),
    );
  if (extra.length > 0)
    return fail(
      misuse(
        `there is more than one target: ${[target, ...extra].join(' ')}`,
        'TARGET',
        'explain judges one instance',
        'ask for each by itself, or use port22 audit',
      ),
    );
  if (from === undefined)
    return fail(
      misuse(
        'there is no source',
        '--from',
        'who connects decides the answer, so there is no default',
        'give --from ADDRESS, PREFIX, internet or INSTANCE',
      ),
    );
  const port = portOf(call);
  const format = choiceOf(call, 'format', ['text', 'json'], 'text');
  const expected = choiceOf(call, 'expect', ['reachable', 'unreachable']);
  const clientOs = choiceOf(call, 'client-os', clientSystems);
  for (const value of [port, format, expected, clientOs]) if (isProblem(value)) return fail(value);
  if (isProblem(port) || isProblem(expected) || isProblem(clientOs)) return 2;
  const input = await readInput(call, shell);
  if (isProblem(input)) return fail(input);
  const via = call.text('via');
  const answer = explain(input.cloud, {
    target,
    from,
    port,
    ...(via !== undefined && { via }),
    ...(clientOs && { clientOs }),
  });
  const [judged] = answer.report?.targets ?? [];
  report([...input.problems, ...answer.problems], 0);
  if (!answer.report || !judged) return 2;
  const unwritten = writeResult(
    call,
    shell,
    format === 'json' ? reportJson(answer.report) : [explainText(answer.report, paint)],
  );
  if (unwritten) return fail(unwritten);
  if (input.unread) return 2;
  return expected ? assertion(expected, judged.verdict) : answer.exitCode;
}
