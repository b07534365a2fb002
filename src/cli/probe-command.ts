import { isIPv6 } from 'node:net';
import type { ProbeResult, Problem } from '../model/index.js';
import { probeJson, probeText } from '../report/index.js';
import { version } from '../version.js';
import type { Context } from './context.js';
import { type Call, choiceOf, isProblem, misuse, portOf } from './options.js';
import { writeResult } from './output.js';
import { progressLine } from './progress.js';

/** Seconds: TCP wrappers close after 5, and a server whose resolver is dead greets after 5 to 10. */
const defaultTimeout = 12;
const longestTimeout = 300;

function noHost(text: string, fix: string): Problem {
  return misuse(`${text} is no host`, 'HOST', 'probe connects to a name or an address', fix);
}

/** Reads HOST: a name, an IPv4 address, an IPv6 address with or without brackets and zone. */
function hostOf(call: Call): string | Problem {
  const [text, ...extra] = call.words;
  if (text === undefined || text === '')
    return misuse('there is no host', 'HOST', 'probe connects to a name or an address', 'port22 probe 198.51.100.7');
  if (extra.length > 0)
    return misuse(
      `there is more than one host: ${[text, ...extra].join(' ')}`,
      'HOST',
      'a probe is made for one host, so that it stays careful',
      'probe each by itself',
    );
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (isIPv6(bare)) {
    if (!/^fe[89ab][0-9a-f]:/i.test(bare) || bare.includes('%')) return bare;
    return noHost(`${bare} without its interface`, `name the interface: ${bare}%eth0`);
  }
  const [, user, rest = ''] = /^([^@]*)@(.*)$/.exec(text) ?? [];
  if (user !== undefined) return noHost(text, `leave the user out: port22 probe ${rest}`);
  const [, name, port] = /^([^:/]+):(\d+)$/.exec(text) ?? [];
  if (name !== undefined) return noHost(text, `port22 probe ${name} --port ${port}`);
  if (/[\s/:[\]]|[^\P{Cc}]/u.test(text)) return noHost(text, 'give a name, an IPv4 or an IPv6 address alone');
  return text;
}

/** Reads `--timeout`: seconds, with a fraction if need be. Answers milliseconds. */
function timerOf(call: Call): number | Problem {
  const text = call.text('timeout');
  if (text === undefined) return defaultTimeout * 1000;
  const seconds = Number(text);
  if (/^\d{1,3}(?:\.\d{1,3})?$/.test(text) && seconds > 0 && seconds <= longestTimeout)
    return Math.round(seconds * 1000);
  return misuse(
    `${text} is no time to wait`,
    '--timeout',
    `it is a number of seconds above 0 and up to ${longestTimeout}`,
    `leave it out for ${defaultTimeout}`,
  );
}

function exitCodeOf({ attempts, notTried }: ProbeResult): number {
  const symptoms = attempts.flatMap((observation) => observation.symptoms);
  if (symptoms.includes('connects')) return 0;
  if (symptoms.includes('dns-failed')) return 2;
  return symptoms.includes('cannot-tell') || notTried.length > 0 ? 3 : 1;
}

function unresolved({ host, attempts }: ProbeResult): readonly Problem[] {
  const failed = attempts.find(({ symptoms }) => symptoms.includes('dns-failed'));
  if (!failed) return [];
  return [misuse(`${host} does not resolve`, 'HOST', failed.line, 'check the name, or give an address')];
}

/** `port22 probe HOST`: the one command that connects to a target, and only when it is asked for by name. */
export async function probeCommand({ call, shell, paint, report }: Context): Promise<number> {
  const host = hostOf(call);
  const port = portOf(call);
  const timer = timerOf(call);
  const format = choiceOf(call, 'format', ['text', 'json'], 'text');
  for (const value of [host, port, timer, format]) if (isProblem(value)) return report([value], 2);
  if (isProblem(host) || isProblem(port) || isProblem(timer)) return 2;
  const { probe } = await import('../../providers/host/probe.js');
  const line = progressLine(shell, call.has('quiet'));
  const result = await probe(host, {
    port,
    timer,
    ...(shell.resolve && { resolve: shell.resolve }),
    onAddress: (address, index, total) => line.show(`trying ${address}, ${index + 1} of ${total}`),
  });
  line.end();
  const text = format === 'json' ? probeJson(result, { name: 'port22', version }) : probeText(result, paint);
  const unwritten = await writeResult(call, shell, [text]);
  return report(unwritten ? [unwritten] : unresolved(result), unwritten ? 2 : exitCodeOf(result));
}
