import { componentText, escapeText } from '../message/index.js';
import type { DiffReport, GapReport, Loss, OpenConnections, TargetDiff } from '../model/index.js';
import type { Paint } from './paint.js';
import { prefixWords, symptomWords, targetWords } from './words.js';

const margin = 8;

function marked(mark: string, text: string): string {
  return `    ${mark.padEnd(margin)}${text}`;
}

const openWords: Readonly<Record<OpenConnections, string>> = {
  'go-on': 'connections that are open go on until they idle out: they are tracked',
  end: 'connections that are open end, too: their packets are dropped and the session hangs',
  unknown: 'whether connections that are open go on is not known',
};

function lossLines({ from, symptom, causes, openConnections }: Loss, paint: Paint): string[] {
  const messages = [...new Set(causes.map(({ message, why }) => `${message}; ${why}`))];
  return [
    paint.bad(marked('loses', `${prefixWords(from)}: ${symptomWords[symptom]}`)),
    ...messages.map((text, index) => marked(index === 0 ? 'why' : '', escapeText(text))),
    marked('open', openWords[openConnections]),
  ];
}

function doubtLines({ unknown, missing, exists }: TargetDiff, paint: Paint): string[] {
  if (unknown.length === 0) return [];
  const other = exists === 'before' ? 'after' : 'before';
  const needs = missing.map(({ what, message }) => `${what}: ${message}`);
  const due = exists === 'both' ? needs : [`whether there is such an instance ${other} is not known`, ...needs];
  return [
    paint.doubt(marked('?', `whether ${prefixWords(unknown)} gain or lose access is not known`)),
    ...[...new Set(due)].map((text, index) => marked(index === 0 ? 'need' : '', escapeText(text))),
  ];
}

function existence({ exists, unknown }: TargetDiff): string {
  if (exists === 'both' || unknown.length > 0) return '';
  return exists === 'before' ? ', gone' : ', new';
}

function targetLines(diff: TargetDiff, paint: Paint): string[] {
  const who = targetWords(diff.target);
  const { through, gains, losses } = diff;
  const rule = through?.rule == null ? '' : `, rule ${through.rule}`;
  const by = through ? ` through ${componentText(through.component)}${rule}` : '';
  const world = diff.flags.includes('world-open') ? '; it is open to the whole internet now' : '';
  return [
    '',
    `  ${paint.strong(escapeText(who))}${existence(diff)}`,
    ...(gains.length === 0
      ? []
      : [paint.good(marked('gains', `${prefixWords(gains)}${escapeText(by)}${paint.bad(world)}`))]),
    ...losses.flatMap((loss) => lossLines(loss, paint)),
    ...doubtLines(diff, paint),
  ];
}

function gapLines(title: string, gaps: readonly GapReport[]): string[] {
  if (gaps.length === 0) return [];
  return ['', `  ${title}`, ...gaps.map((gap) => `    ${escapeText(`${gap.subject}: ${gap.detail}`)}`)];
}

/** The answer to `diff`, for people: of each target that changed, who gains and who loses access. */
export function diffText({ question, targets, unchanged, gaps }: DiffReport, paint: Paint): string {
  const all = targets.length + unchanged;
  const counts = `${targets.length} of ${all} ${all === 1 ? 'instance' : 'instances'} changed`;
  return `${[
    `${paint.strong('diff')}  tcp/${question.port}  ${counts}`,
    ...targets.flatMap((target) => targetLines(target, paint)),
    ...gapLines('what could not be read before', gaps.before),
    ...gapLines('what could not be read after', gaps.after),
  ].join('\n')}\n`;
}
