import { clientSystems } from '../ask/client-os.js';
import { diagnose } from '../ask/diagnose.js';
import type { Problem } from '../model/index.js';
import type { Cloud, HostEvidence } from '../provider.js';
import { diagnoseJson, diagnoseText } from '../report/index.js';
import { symptomWords } from '../report/words.js';
import type { Context } from './context.js';
import { readHostFile } from './host-file.js';
import { liveRequestOf, readInput } from './input.js';
import { type Call, choiceOf, isProblem, misuse, portOf } from './options.js';
import { writeResult } from './output.js';
import { readSawText } from './saw.js';
import type { Shell } from './shell.js';

interface Known {
  readonly cloud?: Cloud;
  readonly host?: HostEvidence;
  readonly problems: readonly Problem[];
  readonly unread: boolean;
}

/** The records and the bundle that a call names; neither is needed. */
async function knownBy(call: Call, shell: Shell): Promise<Known | Problem> {
  const path = call.text('host');
  const told = path === undefined ? { problems: [] } : readHostFile(path);
  const [wrong] = told.problems.filter(({ severity }) => severity === 'error');
  if (wrong) return wrong;
  const host = told.host && { host: told.host };
  if (call.texts('in').length === 0 && !liveRequestOf(call)) return { ...host, problems: told.problems, unread: false };
  const input = await readInput(call, shell);
  if (isProblem(input)) return input;
  return { ...host, cloud: input.cloud, problems: [...told.problems, ...input.problems], unread: input.unread };
}

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
  const known = await knownBy(call, shell);
  if (isProblem(known)) return report([known], 2);
  const from = call.text('from');
  const answer = diagnose(
    {
      observations,
      ...(from !== undefined && { from }),
      ...(target !== undefined && { target }),
      ...(port !== undefined && { port }),
    },
    { ...known, symptomWords: (symptom) => symptomWords[symptom] },
  );
  report([...known.problems, ...answer.problems], 0);
  if (!answer.report) return 2;
  const text = format === 'json' ? diagnoseJson(answer.report) : diagnoseText(answer.report, paint);
  const unwritten = await writeResult(call, shell, [text]);
  if (unwritten) return report([unwritten], 2);
  return known.unread ? 2 : answer.exitCode;
}
