import type { Symptom } from '../../../src/model/symptom.js';
import type { Lab, Loader } from './lab.js';
import { type ProbeAnswer, type ProbeJob, symptomOf } from './prober.js';
import type { Random } from './random.js';
import { type Question, randomQuestion } from './universe.js';

/** What is given to a server, in this order. */
export type Ruleset = readonly { readonly loader: Loader; readonly text: string }[];

/** A question and what the kernel answered. */
export interface Asked extends Question {
  readonly symptom: Symptom;
  /** The port whose listener greeted, which is not the asked one behind a redirection. */
  readonly by?: number;
  readonly answer: ProbeAnswer;
}

const TIMER_MS = 200;
/** Over IPv6 an error that arrives inside connect() is kept until the SYN is sent again, after a second. */
const PATIENT_MS = { 4: 500, 6: 1400 } as const;
/** As many at once as have their time on a busy machine. */
const PATIENT_WIDTH = 120;

/** Takes away all rules, of every backend, and all sets. Tables of the legacy backend stay, without rules. */
async function resetRules(lab: Lab): Promise<void> {
  await lab.quick(
    [
      'nft flush ruleset',
      ...['ip', 'ip6'].map(
        (family) =>
          `while read -r table; do ${family}tables-legacy -w -t $table -F && ${family}tables-legacy -w -t $table -X && ` +
          `for chain in $(${family}tables-legacy-save -t $table | sed -n 's/^:\\([A-Z]*\\) DROP.*/\\1/p'); do ` +
          `${family}tables-legacy -w -t $table -P $chain ACCEPT; done; done </proc/net/${family}_tables_names`,
      ),
      'ipset destroy',
    ].join(' && '),
  );
}

/** Gives the server these rules and no others. @throws when a tool refuses one, with its words */
export async function applyRules(lab: Lab, ruleset: Ruleset): Promise<void> {
  await resetRules(lab);
  for (const { loader, text } of ruleset) await lab.load(loader, text);
}

/** Asks `count` random questions, all different, of the rules that the server has. */
export function questions(lab: Lab, random: Random, count: number): Promise<readonly Asked[]> {
  const list = new Map<string, Question>();
  for (let tries = 0; list.size < count && tries < 20 * count; tries++) {
    const question = randomQuestion(random);
    list.set(Object.values(question).join(' '), question);
  }
  return ask(lab, [...list.values()]);
}

/** Asks the kernel. What was not answered in time is asked once more, with patience: the machine may have been busy. */
export async function ask(lab: Lab, list: readonly Question[]): Promise<readonly Asked[]> {
  const answers = [...(await lab.probe(list.map((question, id) => job(question, id, TIMER_MS))))];
  const late = answers.filter(({ what }) => what === 'TIMEOUT' || what === 'SILENT').map(({ id }) => id);
  for (let at = 0; at < late.length; at += PATIENT_WIDTH) {
    const again = late.slice(at, at + PATIENT_WIDTH).flatMap((id) => {
      const question = list[id];
      return question ? [job(question, id, PATIENT_MS[question.family])] : [];
    });
    for (const answer of await lab.probe(again)) answers[answer.id] = answer;
  }
  return answers.flatMap((answer, at) => {
    const question = list[at];
    return question ? [askedOf(question, answer)] : [];
  });
}

/**
 * From a port of its own for each attempt, as long as there are any: the kernel remembers connections longer than rules live, and
 * takes the first packet of another one between the same ends for a part of the old.
 */
let lastPort = 1023;

function job({ host, port, source }: Question, id: number, timer: number): ProbeJob {
  lastPort = lastPort === 65_535 ? 1024 : lastPort + 1;
  return { id, host, port, local: source, localPort: lastPort, timer, banner: timer };
}

function askedOf(question: Question, answer: ProbeAnswer): Asked {
  const by = /^SSH-2\.0-port(\d+)$/.exec(answer.line ?? '')?.[1];
  return { ...question, symptom: symptomOf(answer), answer, ...(by === undefined ? {} : { by: Number(by) }) };
}
