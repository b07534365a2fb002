import { escapeText } from '../message/index.js';
import type { Problem } from '../model/index.js';
import type { Paint } from './paint.js';

/** A problem in its four parts. */
export function problemText(problem: Problem, paint: Paint): string {
  const head = problem.severity === 'warning' ? paint.doubt('warning') : paint.bad('cannot');
  return [
    `${head}  ${escapeText(problem.what)}`,
    `  where  ${escapeText(problem.where)}`,
    `  why    ${escapeText(problem.why)}`,
    `  fix    ${escapeText(problem.fix)}`,
    '',
  ].join('\n');
}
