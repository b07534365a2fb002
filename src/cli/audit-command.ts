import { auditStream } from '../ask/audit.js';
import { auditText, reportJson } from '../report/index.js';
import type { Context } from './context.js';
import { readInput } from './input.js';
import { choiceOf, isProblem, misuse, portOf } from './options.js';
import { writeResult } from './output.js';

/** `port22 audit`: every instance, one at a time. */
export async function auditCommand({ call, shell, paint, report }: Context): Promise<number> {
  const [word] = call.words;
  if (word !== undefined)
    return report(
      [
        misuse(
          `audit takes no target, but found ${word}`,
          word,
          'it judges every instance',
          'use port22 explain for one',
        ),
      ],
      2,
    );
  const port = portOf(call);
  const format = choiceOf(call, 'format', ['text', 'json'], 'text');
  for (const value of [port, format]) if (isProblem(value)) return report([value], 2);
  if (isProblem(port)) return 2;
  const input = await readInput(call, shell);
  if (isProblem(input)) return report([input], 2);
  report(input.problems, 0);
  const audited = auditStream(input.cloud, { port });
  const unwritten = writeResult(
    call,
    shell,
    format === 'json' ? reportJson(audited.report) : [auditText(audited.report, paint)],
  );
  if (unwritten) return report([unwritten], 2);
  return input.unread ? 2 : audited.exitCode();
}
