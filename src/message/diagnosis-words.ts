import type { Mismatch, Stage, Symptom } from '../model/index.js';

const stageWords: Readonly<Record<Stage, string>> = {
  resolving: 'while the name is looked up',
  connecting: 'before the connection opens',
  connected: 'after the connection opened and before a greeting',
  greeted: 'after a first line of the server',
  'key-exchange': 'during the key exchange',
  'key-reply': 'after both halves of the key exchange were sent',
  login: 'at the login',
};

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 100) / 10} s`;
}

/** Why a cause is none: how it would have looked instead. `symptomOf` tells in words what a client sees. */
export function mismatchWords(mismatch: Mismatch, symptomOf: (symptom: Symptom) => string): string {
  switch (mismatch.kind) {
    case 'symptom':
      return `it would look otherwise: ${symptomOf(mismatch.would)}`;
    case 'stage':
      return `it shows itself ${stageWords[mismatch.stage]}`;
    case 'family':
      return `it concerns IPv${mismatch.only} only`;
    case 'greeting':
      return 'the server says something else then';
    case 'too-soon':
      return `it takes ${seconds(mismatch.least)} at least`;
    case 'too-late':
      return `it shows itself within ${seconds(mismatch.most)}`;
    case 'answer':
      return mismatch.would === 'rst'
        ? 'a TCP reset is never held back, and an ICMP message is what came'
        : 'Linux holds back ICMP messages after the sixth, and every answer came at once';
    case 'answered-by':
      return `the answer came from ${mismatch.address}`;
    case 'hop':
      return 'another machine dialled the target';
  }
}

/** What a contradiction may mean, in the order in which to look. */
export const contradictionMeans = {
  answered: [
    'the client reached another machine: the name or address is not the one that was judged',
    'the evidence is older than what was seen, or newer: record it again, and try again',
    'something between client and machine answers for it: a proxy, a balancer, a firewall of another network',
  ],
  open: [
    "the client's own network or firewall stops it before the records begin",
    'the client reached another address than the one that was judged',
    'the evidence is older than what was seen, or newer: record it again, and try again',
    'something between client and machine that is in no record drops it',
  ],
  proved: [
    'the evidence is older than what was seen, or newer: record it again, and try again',
    'the client reached another machine: the name or address is not the one that was judged',
  ],
  address: ['the name is stale, or the address was given to another machine', 'the wrong target was asked about'],
} as const;
