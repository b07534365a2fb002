import type { GateFinding } from '../model/index.js';
import { escapeText } from './escape.js';

const MOST_SOURCES = 3;
const MOST_GAPS = 6;

function some(all: readonly string[], most: number, what: string): string {
  const shown = all.slice(0, most).join(', ');
  return all.length > most ? `${shown} and ${all.length - most} more ${what}` : shown;
}

function verdictWords({ verdict, guess, isWanted }: GateFinding): string {
  if (verdict === 'unreachable') return 'not reachable';
  if (verdict !== 'unknown') return 'reachable';
  if (isWanted) return 'not surely reachable';
  return guess === 'reachable' ? 'possibly reachable' : 'not surely unreachable';
}

function headline(finding: GateFinding, port: number): string {
  const { kind, machine, from } = finding;
  const name = JSON.stringify(machine.name);
  return `tcp/${port} on ${kind} ${name} is ${verdictWords(finding)} from ${some(from, MOST_SOURCES, 'prefixes')}`;
}

/** A finding as a policy tells it: what, the way in, what was taken to be so, what is missing, what to change. */
export function gateText(finding: GateFinding, port: number): string {
  const { path, assumed, missing, blockedBy, notes, change, machine } = finding;
  const gaps = missing.slice(0, MOST_GAPS).map(({ code, text }) => `  missing: ${text}, ${code}`);
  const more = missing.length - gaps.length;
  const lines = [
    headline(finding, port),
    ...(path.length > 0 ? [`  path: internet -> ${path.join(' -> ')} -> ${JSON.stringify(machine.name)}`] : []),
    ...(assumed.length > 0 ? [`  assumed: ${assumed.join('; ')}`] : []),
    ...gaps,
    ...(more > 0 ? [`  missing: ${more} more`] : []),
    ...blockedBy.map(({ component, code }) => `  blocked by: ${component} ${code}`),
    ...(change === undefined ? [] : [`  change: ${change}`]),
    ...notes.map((note) => `  note: ${note}`),
  ];
  return lines.map(escapeText).join('\n');
}
