import { auditStream } from '../ask/audit.js';
import { auditText, reportJson } from '../report/index.js';
import type { Context } from './context.js';
import { readInput } from './input.js';
import { choiceOf, isProblem, misuse, portOf } from './options.js';
import { writeResult } from './output.js';
import { readPolicyFile } from './policy-file.js';

/** `port22 audit`: every instance, one at a time. */
export async function auditCommand({ call, shell, paint, report }: Context): Promise<number> {
  const [word] = call.words;
  if (word !== undefined) {
    const what = `audit takes no target, but found ${word}`;
    return report([misuse(what, word, 'it judges every instance', 'use port22 explain for one')], 2);
  }
  const port = portOf(call);
  const format = choiceOf(call, 'format', ['text', 'json'], 'text');
  for (const value of [port, format]) if (isProblem(value)) return report([value], 2);
  if (isProblem(port)) return 2;
  const file = call.text('policy');
  const { policy, problems } = file === undefined ? { problems: [] } : readPolicyFile(file);
  if (problems.length > 0) return report(problems, 2);
  const input = await readInput(call, shell);
  if (isProblem(input)) return report([input], 2);
  report(input.problems, 0);
  const audited = auditStream(input.cloud, { port, ...(policy && { policy }) });
  const pieces = format === 'json' ? reportJson(audited.report) : [auditText(audited.report, paint)];
  const unwritten = await writeResult(call, shell, pieces);
  if (unwritten) return report([unwritten], 2);
  return input.unread ? 2 : audited.exitCode();
}
