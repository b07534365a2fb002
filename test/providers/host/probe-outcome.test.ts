import { Buffer } from 'node:buffer';
import { expect, test } from '@jest/globals';
import type { Conversation } from '../../../providers/host/probe-conversation.js';
import { outcomeOf } from '../../../providers/host/probe-outcome.js';

const broken = (code: string, first?: string): Conversation => ({
  connected: 1026,
  greeting: { identification: undefined, first, before: 0, ended: false, rest: Buffer.alloc(0), refused: undefined },
  ending: { how: 'error', code, message: `read ${code}` },
  elapsed: 1028,
});

test.each([
  ['ECONNREFUSED', undefined, 'refused', 'connecting'],
  ['EHOSTUNREACH', undefined, 'no-route', 'connecting'],
  ['EACCES', undefined, 'permission-denied', 'connecting'],
  ['ECONNRESET', undefined, 'reset', 'connected'],
  ['ETIMEDOUT', undefined, 'cannot-tell', 'connected'],
  ['EHOSTUNREACH', 'hello', 'banner-text', 'greeted'],
])('an error %s that a read tells, after %s: %s', (code, first, symptom, stage) => {
  expect(outcomeOf(broken(code, first), { address: '10.22.2.2', port: 22 }, 5000)).toMatchObject({ symptom, stage });
});
