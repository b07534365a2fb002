import { diff } from '../ask/diff.js';
import { diffJson, diffText } from '../report/index.js';
import type { Context } from './context.js';
import { readRecorded } from './input.js';
import { choiceOf, isProblem, misuse, portOf } from './options.js';
import { writeResult } from './output.js';

/** `port22 diff BEFORE AFTER`. */
export async function diffCommand({ call, shell, paint, report }: Context): Promise<number> {
  const [before, after, ...extra] = call.words;
  if (before === undefined || after === undefined || extra.length > 0) {
    const what = extra.length > 0 ? 'there are more than two states' : 'there are no two states to compare';
    const fix = 'port22 diff monday/ tuesday/';
    return report([misuse(what, 'the command line', 'diff needs one recording of before and one of after', fix)], 2);
  }
  const port = portOf(call);
  const format = choiceOf(call, 'format', ['text', 'json'], 'text');
  for (const value of [port, format]) if (isProblem(value)) return report([value], 2);
  if (isProblem(port)) return 2;
  const complete = call.has('complete');
  const [earlier, later] = [before, after].map((path) => readRecorded([path], complete));
  if (!earlier || !later) return 2;
  report([...earlier.problems, ...later.problems], 0);
  const answer = diff(earlier.cloud, later.cloud, { port });
  if (!answer.report) return report(answer.problems, 2);
  const text = format === 'json' ? diffJson(answer.report) : diffText(answer.report, paint);
  const unwritten = await writeResult(call, shell, [text]);
  if (unwritten) return report([unwritten], 2);
  return earlier.unread || later.unread ? 2 : answer.exitCode;
}
