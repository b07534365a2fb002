import { clientSystems } from '../ask/client-os.js';
import { diagnose } from '../ask/diagnose.js';
import { remedyWithoutHost } from '../evidence/host.js';
import type { Problem } from '../model/index.js';
import { diagnoseJson, diagnoseText } from '../report/index.js';
import { symptomWords } from '../report/words.js';
import type { Context } from './context.js';
import { liveRequestOf } from './input.js';
import { type Known, knownBy } from './known.js';
import { choiceOf, isProblem, misuse, portOf } from './options.js';
import { writeResult } from './output.js';
import { readSawText } from './saw.js';

/** `port22 diagnose --saw TEXT`. */
export async function diagnoseCommand({ call, shell, paint, report }: Context): Promise<number> {
  const saw = call.text('saw');
  const [target, ...extra] = call.words;
  if (saw === undefined) {
    const fix = 'port22 diagnose --saw "ssh: connect to host web port 22: Connection refused"';
    return report(
      [misuse('there is nothing that was seen', '--saw', 'a diagnosis begins with what the client printed', fix)],
      2,
    );
  }
  if (extra.length > 0) {
    const what = `there is more than one target: ${call.words.join(' ')}`;
    return report([misuse(what, 'TARGET', 'a diagnosis is of one instance', 'name one of them')], 2);
  }
  const port = call.text('port') === undefined ? undefined : portOf(call);
  const format = choiceOf(call, 'format', ['text', 'json'], 'text');
  const os = choiceOf(call, 'client-os', clientSystems);
  for (const one of [port, format, os]) if (isProblem(one)) return report([one], 2);
  if (isProblem(port) || isProblem(format) || isProblem(os)) return 2;
  const { observations, problem } = await readSawText(saw, shell, os);
  if (problem) return report([problem], 2);
  const isHostTold = call.text('host') !== undefined || call.text('host-before') !== undefined;
  const isAlone = !isHostTold && call.texts('in').length === 0 && !liveRequestOf(call);
  const known: Known | Problem = isAlone ? { problems: [], unread: false } : await knownBy(call, shell);
  if (isProblem(known)) return report([known], 2);
  const from = call.text('from');
  const answer = diagnose(
    {
      observations,
      ...(from !== undefined && { from }),
      ...(target !== undefined && { target }),
      ...(port !== undefined && { port }),
    },
    { ...known, remedy: remedyWithoutHost, symptomWords: (symptom) => symptomWords[symptom] },
  );
  report([...known.problems, ...answer.problems], 0);
  if (!answer.report) return 2;
  const text = format === 'json' ? diagnoseJson(answer.report) : diagnoseText(answer.report, paint);
  const unwritten = await writeResult(call, shell, [text]);
  if (unwritten) return report([unwritten], 2);
  return known.unread ? 2 : answer.exitCode;
}
