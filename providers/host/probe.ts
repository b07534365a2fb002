import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { NotTried, Observation, ProbeResult, Symptom } from '../../src/model/index.js';
import { formatAddress, parseAddress } from '../../src/set/index.js';
import { type Budget, connectionBudget } from './probe-budget.js';
import { converse } from './probe-conversation.js';
import { outcomeOf } from './probe-outcome.js';
import { areHeldBack, worthRepeating } from './probe-repeats.js';

/** The addresses of a name, in the order in which a client tries them; rejects where there are none. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export interface ProbeOptions {
  readonly port: number;
  /**
   * Milliseconds for each wait. Below 6 s it cannot tell silence from TCP wrappers, which close after 5.0 s; a dead resolver
   * of the server delays its greeting by 5 to 10 s.
   */
  readonly timer: number;
  /** The resolver of the system where it is left out. */
  readonly resolve?: Resolve;
  /** Told before each address is tried. */
  readonly onAddress?: (address: string, index: number, total: number) => void;
}

type System = NonNullable<Observation['os']>;

const systems: Readonly<Record<string, System>> = { linux: 'linux', darwin: 'macos', win32: 'windows' };
const mostAddresses = 16;
/** Nothing reaches a server in these, so that they may be tried again at once. */
const repeatable: readonly Symptom[] = ['refused', 'no-route'];

interface Asked extends ProbeOptions {
  readonly host: string;
  readonly os: System | undefined;
}

/** An IPv4 address that is written as IPv6 (::ffff:192.0.2.1) travels as IPv4. */
function unmapped(address: string): string {
  const parsed = parseAddress(address);
  if (parsed?.family !== 6 || parsed.value >> 32n !== 0xffffn) return address;
  return formatAddress({ family: 4, value: Number(parsed.value & 0xffffffffn) });
}

/** Asks in the order of the resolver, as ssh does; both families, whatever this machine has. */
const system: Resolve = (host) => lookup(host, { all: true, verbatim: true });

/** The addresses of a host, each once; or why there is none. */
async function addressesOf(host: string, resolve: Resolve): Promise<readonly string[] | string> {
  if (isIP(host) !== 0) return [unmapped(host)];
  try {
    const found = await resolve(host);
    return found.length === 0 ? 'the name has no address' : [...new Set(found.map(({ address }) => unmapped(address)))];
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What every observation of this probe says. */
function told({ host, port, os }: Asked) {
  return { tool: 'probe', ...(os && { os }), host, port, showsGreeting: true } as const;
}

function unresolved(asked: Asked, line: string, elapsed: number): Observation {
  return { ...told(asked), symptoms: ['dns-failed'], stage: 'resolving', elapsed: Math.round(elapsed), line };
}

/** Makes one attempt at one address, and counts it if it was a connection. */
async function attempt(asked: Asked, address: string, budget: Budget): Promise<Observation> {
  const { port, timer } = asked;
  const start = performance.now();
  const dialled = { address, port };
  const conversation = await converse(dialled, timer);
  const { symptom, stage, line } = outcomeOf(conversation, dialled, timer);
  const reset = symptom === 'reset' ? conversation.elapsed : undefined;
  const opened = stage === 'connecting' ? reset : conversation.connected;
  if (opened !== undefined) budget.spend(start + opened);
  const { identification, first } = conversation.greeting;
  const greeting = identification ?? first;
  return {
    ...told(asked),
    symptoms: [symptom],
    stage,
    address,
    family: isIP(address) === 6 ? 6 : 4,
    elapsed: Math.round(conversation.elapsed),
    timer,
    ...(greeting !== undefined && { greeting }),
    line,
  };
}

/**
 * Tries an address, and again at once where that tells a TCP reset from an ICMP message. Only of Linux is it known how it
 * shows. Answers nothing when no connection may be opened any more.
 */
async function observe(asked: Asked, address: string, budget: Budget): Promise<readonly Observation[]> {
  if (!(await budget.turn())) return [];
  const first = await attempt(asked, address, budget);
  const times = [first.elapsed ?? 0];
  const alike = ({ symptoms }: Observation) => symptoms[0] === first.symptoms[0];
  if (asked.os !== 'linux' || !repeatable.some((symptom) => first.symptoms.includes(symptom))) return [first];
  let other: Observation | undefined;
  while (!other && worthRepeating(times) && (await budget.turn())) {
    const next = await attempt(asked, address, budget);
    if (alike(next)) times.push(next.elapsed ?? 0);
    else other = next;
  }
  const series: Observation = {
    ...first,
    ...(times.length > 1 && { repeats: times }),
    ...(areHeldBack(times) && { answer: { kind: 'icmp' } }),
  };
  return other ? [series, other] : [series];
}

/**
 * One careful attempt at each address of a host, one after the other: never a race of the families, as its answer is that of
 * one address and says nothing of the others. Opens at most three connections, a second apart, whatever the host answers.
 * Never rejects; a name without an address is an observation as well.
 */
export async function probe(host: string, options: ProbeOptions): Promise<ProbeResult> {
  const { port, resolve = system, onAddress = () => {} } = options;
  const asked: Asked = { ...options, host, os: systems[process.platform] };
  const start = performance.now();
  const addresses = await addressesOf(host, resolve);
  if (typeof addresses === 'string')
    return { host, port, attempts: [unresolved(asked, addresses, performance.now() - start)], notTried: [] };
  const budget = connectionBudget();
  const attempts: Observation[] = [];
  const notTried: NotTried[] = [];
  for (const [index, address] of addresses.entries()) {
    if (index >= mostAddresses) {
      notTried.push({ address, reason: 'too-many-addresses' });
      continue;
    }
    onAddress(address, index, Math.min(addresses.length, mostAddresses));
    const seen = await observe(asked, address, budget);
    attempts.push(...seen);
    if (seen.length === 0) notTried.push({ address, reason: 'connection-budget' });
  }
  return { host, port, attempts, notTried };
}
