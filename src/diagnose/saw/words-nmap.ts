import type { Observation, Symptom } from '../../model/index.js';
import { either, type Groups, type Told, type Wording } from './wording.js';

/**
 * nmap's table of ports. Source: nmap's reference guide, "Port Scanning Basics" and --reason; measured with 7.93. A connect scan (-sT)
 * reports the error of connect(), in which RST and ICMP are one; a SYN scan names the packet, and with it who sent it where that is not the
 * target.
 */
const tool: Told = { tool: 'unknown' };

/** What the kernel would tell a program about the ICMP message or the RST (measured). */
const answers: Readonly<
  Record<string, { readonly symptom: Symptom; readonly ipv6?: Symptom; readonly kind?: 'rst' | 'icmp' }>
> = {
  reset: { symptom: 'refused', kind: 'rst' },
  'conn-refused': { symptom: 'refused' },
  'port-unreach': { symptom: 'refused', kind: 'icmp' },
  'host-unreach': { symptom: 'no-route' },
  'host-prohibited': { symptom: 'no-route', kind: 'icmp' },
  'admin-prohibited': { symptom: 'no-route', ipv6: 'permission-denied', kind: 'icmp' },
  'addr-unreach': { symptom: 'no-route', kind: 'icmp' },
  'net-unreach': { symptom: 'net-unreachable' },
  'net-prohibited': { symptom: 'net-unreachable', kind: 'icmp' },
  'no-route': { symptom: 'net-unreachable' },
  'proto-unreach': { symptom: 'no-protocol', kind: 'icmp' },
  'no-response': { symptom: 'times-out' },
};

export const nmapWords: readonly Wording[] = [
  {
    near: 'nmap scan report for',
    pattern: /^Nmap scan report for (?<host>[^\s(]{1,255})(?: \((?<address>[^)\s]{2,45})\))?/,
    role: 'run',
    tells: tool,
  },
  {
    near: '/tcp ',
    pattern:
      /^(?<port>\d{1,5})\/tcp\s{1,20}(?<state>open|closed|filtered)(?:\s{1,20}(?<service>\S{1,64}))?(?:\s{1,20}(?<reason>[a-z]{2,10}-[a-z]{3,14}|reset)\b(?: from (?<from>[\da-fA-F.:]{2,45}))?)?/,
    role: 'whole',
    reads: row,
  },
  {
    near: 'note: host seems down',
    pattern: /^Note: Host seems down/,
    role: 'whole',
    tells: { ...tool, symptoms: ['cannot-tell'], stage: 'connecting' },
  },
];

function row({ state, service = '', port, reason, from }: Groups): Told | undefined {
  // Other ports are no attempts to log in.
  if (port !== '22' && !/ssh/.test(service)) return undefined;
  if (state === 'open') return { ...tool, symptoms: either.onceConnected, stage: 'connected' };
  const answer = reason === undefined ? undefined : answers[reason];
  if (answer === undefined) {
    const symptoms: readonly Symptom[] =
      state === 'closed'
        ? ['refused']
        : ['times-out', 'refused', 'no-route', 'net-unreachable', 'no-protocol', 'permission-denied'];
    return { ...tool, symptoms, stage: 'connecting' };
  }
  const told = {
    ...tool,
    symptoms: answer.ipv6 === undefined ? [answer.symptom] : [answer.symptom, answer.ipv6],
    stage: 'connecting',
  } as const;
  const packet: Observation['answer'] =
    answer.kind !== undefined
      ? { kind: answer.kind, ...(from && { from }) }
      : from
        ? { kind: 'icmp', from }
        : undefined;
  return packet === undefined ? told : { ...told, answer: packet };
}
