import type { GateFinding } from '../model/index.js';
import { escapeText } from './escape.js';

const MOST_SOURCES = 3;
const MOST_GAPS = 6;

function some(all: readonly string[], most: number, what: string): string {
  const shown = all.slice(0, most).join(', ');
  return all.length > most ? `${shown} and ${all.length - most} more ${what}` : shown;
}

function headline({ kind, machine, verdict, guess, from }: GateFinding, port: number): string {
  const words =
    verdict === 'unreachable'
      ? 'not reachable'
      : verdict !== 'unknown'
        ? 'reachable'
        : guess === 'reachable'
          ? 'possibly reachable'
          : 'not surely unreachable';
  return `tcp/${port} on ${kind} ${JSON.stringify(machine.name)} is ${words} from ${some(from, MOST_SOURCES, 'prefixes')}`;
}

/** A finding as a policy tells it: what, the way in, what was taken to be so, what is missing, what to change. */
export function gateText(finding: GateFinding, port: number): string {
  const { path, assumed, missing, blockedBy, change, machine } = finding;
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
  ];
  return lines.map(escapeText).join('\n');
}
