import { escapeText } from '../message/index.js';
import type { NotTried, Observation, ProbeResult, Symptom } from '../model/index.js';
import type { Paint } from './paint.js';
import { symptomWords } from './words.js';

const margin = 7;
const longestQuote = 400;

function duration(time: number): string {
  return time < 1000 ? `${Math.round(time)} ms` : `${(time / 1000).toFixed(1)} s`;
}

/** Text of a stranger for one line of a terminal: what is left out is counted. */
function quoted(text: string): string {
  if (text.length <= longestQuote) return escapeText(text);
  return `${escapeText(text.slice(0, longestQuote))}... (${text.length - longestQuote} more characters)`;
}

/** What happened, as the end of a sentence. After a greeting a reset or an end is one of the key exchange. */
function headline({ symptoms: [symptom = 'cannot-tell'], stage }: Observation): string {
  if (stage !== 'key-exchange') return symptomWords[symptom];
  if (symptom === 'closed') return 'the connection is closed after the greeting';
  if (symptom === 'reset') return 'the connection is reset after the greeting';
  return symptomWords[symptom];
}

/** A second, which is what an ICMP sender of Linux waits, has not gone by in all of them together. */
const areQuick = (times: readonly number[]) => times.reduce((sum, time) => sum + time, 0) < 1000;

function repeatWords({ repeats, answer }: Observation): string {
  if (!repeats) return '';
  if (answer?.kind === 'icmp') {
    const slow = repeats.filter((time) => time >= Math.min(...repeats) + 900).length;
    return `; ${repeats.length - slow} of ${repeats.length} at once, then ${slow} held back for a second each`;
  }
  if (areQuick(repeats)) return `; ${repeats.length} of ${repeats.length} at once`;
  return `; ${repeats.length} times, after ${repeats.map(duration).join(', ')}`;
}

function refusedMeaning({ repeats, answer }: Observation): string {
  if (answer?.kind === 'icmp')
    return 'an ICMP message refuses: a firewall on the host or on the way rejects. A port on which nothing listens answers with a TCP reset, and those are not held back';
  if (repeats && repeats.length >= 8 && areQuick(repeats))
    return 'a TCP reset, most likely: nothing listens on that address and port, or a firewall resets. A reject by ICMP looks the same where its sender, other than Linux, holds nothing back';
  return 'nothing listens on that address and port, or a firewall on the host or on the way rejects. What drops, as firewalls of clouds do, would not answer';
}

function noRouteMeaning({ elapsed = 0, answer }: Observation): string {
  if (answer?.kind === 'icmp')
    return 'an ICMP message of another machine: a firewall on the host or on the way prohibits, or a router has no way there';
  if (elapsed >= 2400 && elapsed <= 3500)
    return 'nobody answered for that address on its own network: the host is off, the address is wrong, or neighbour discovery is filtered';
  return 'a firewall on the host or on the way prohibits, a router has no way there, or a route of this machine says so. A port on which nothing listens would refuse';
}

function silentMeaning({ timer = 0 }: Observation): string {
  const wrappers = timer < 6000 ? '; TCP wrappers close after 5 s, for which this did not wait' : '';
  return `what accepts is alive, and what should greet is not: a server that hangs, or a proxy in front of one that is gone${wrappers}`;
}

function closedMeaning({ elapsed = 0, stage }: Observation): string {
  if (stage === 'key-exchange') return 'the server greeted and then gave up: see its log';
  if (elapsed >= 4500 && elapsed <= 6000)
    return 'TCP wrappers pause for 5.0 s before they close: /etc/hosts.deny or /etc/hosts.allow denies this client';
  return 'something accepts and gives up at once: sshd cannot start a session, or a proxy has no server behind it. Packet filters do not do that';
}

function connectsMeaning({ elapsed = 0 }: Observation): string {
  const late = elapsed >= 4500 ? '. It was late, as where the resolver of the server does not answer' : '';
  return `an SSH server answers this client here, and its large packets arrive: what fails after this is most likely the login${late}`;
}

/** What a symptom means, in the words of an engineer who was not there. Measured, but for `cannot-tell`. */
const meanings: Readonly<Record<Symptom, (observation: Observation) => string>> = {
  connects: connectsMeaning,
  'times-out': () =>
    'something drops packets on the way there or on the way back, or no machine is on. A port on which nothing listens would refuse',
  refused: refusedMeaning,
  'no-route': noRouteMeaning,
  'net-unreachable': () =>
    'this machine or a router has no route to that network (for IPv6: often none at all), or a firewall says so',
  'permission-denied': () =>
    'no key was asked for: a firewall rejects as prohibited (firewalld does, over IPv6), or a route of this machine prohibits',
  reset: () =>
    'something accepts and then resets: a server that cannot go on, or a filter on the way that looks inside',
  closed: closedMeaning,
  silent: silentMeaning,
  'banner-text': () => 'the server says why it does not go on',
  'not-ssh': () => 'another service, or a proxy, has that port',
  'kex-hang': () =>
    'small packets arrive and the large one that should follow does not: a path MTU that ICMP does not tell, or a filter on the way that looks inside',
  'negotiation-failed': () => 'the algorithms of client and server have nothing in common',
  'auth-failed': () => 'the network is not what stops it',
  'dns-failed': () => 'no server was asked: the name is wrong, or the resolver of this machine does not answer',
  'no-protocol': () => 'a firewall rejects with ICMP protocol-unreachable',
  'invalid-argument': () => 'a blackhole route of this machine: nothing was sent',
  'no-client-port': () => 'this machine has no port left from which to connect',
  'cannot-tell': () => 'that fits none of the known causes',
};

function observationLines(observation: Observation, port: number, paint: Paint): string[] {
  const { symptoms, elapsed = 0, address, host = '', line } = observation;
  const [symptom = 'cannot-tell'] = symptoms;
  const tone = symptom === 'connects' ? paint.good : symptom === 'cannot-tell' ? paint.doubt : paint.bad;
  const dialled = paint.strong(escapeText(address ?? host));
  return [
    `${dialled}  tcp/${port}  ${tone(headline(observation))}, after ${duration(elapsed)}${repeatWords(observation)}`,
    `  ${'seen'.padEnd(margin)}${quoted(line)}`,
    `  ${'means'.padEnd(margin)}${meanings[symptom](observation)}`,
  ];
}

const reasonWords: Readonly<Record<NotTried['reason'], string>> = {
  'connection-budget': 'this run has opened as many connections to this host as it may',
  'too-many-addresses': 'the name has more addresses than one run tries',
};

/** What a probe saw, a paragraph for each observation. */
export function probeText({ attempts, notTried, port }: ProbeResult, paint: Paint): string {
  const lines = [
    ...attempts.map((observation) => observationLines(observation, port, paint).join('\n')),
    ...notTried.map(({ address, reason }) =>
      paint.doubt(`${escapeText(address)}  tcp/${port}  not tried: ${reasonWords[reason]}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
