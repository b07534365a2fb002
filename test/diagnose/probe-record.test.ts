import { describe, expect, test } from '@jest/globals';
import { readProbe } from '../../src/diagnose/probe-record.js';
import type { Observation } from '../../src/model/index.js';
import { probeJson } from '../../src/report/index.js';

const refused: Observation = {
  symptoms: ['refused'],
  stage: 'connecting',
  tool: 'probe',
  os: 'linux',
  host: 'a.test',
  address: '198.51.100.7',
  family: 4,
  port: 22,
  elapsed: 1,
  timer: 12_000,
  showsGreeting: true,
  line: 'connect ECONNREFUSED 198.51.100.7:22',
  repeats: [1, 1, 1, 1, 1, 1, 1020, 1020, 1020],
  answer: { kind: 'icmp' },
};
const greeted: Observation = {
  symptoms: ['banner-text'],
  stage: 'greeted',
  tool: 'probe',
  showsGreeting: true,
  greeting: '\u001b[31mno \u202e',
  line: '"\u001b[31mno", then the server closed',
};

function printed(attempts: readonly unknown[]): string {
  const tool = { name: 'port22', version: '0.0.0' } as const;
  const empty = probeJson({ host: 'a.test', port: 22, attempts: [], notTried: [] }, tool);
  return JSON.stringify({ ...JSON.parse(empty), attempts });
}

describe('what probe printed is read as it was seen', () => {
  test('whole', () => {
    const tool = { name: 'port22', version: '0.0.0' } as const;
    const text = probeJson({ host: 'a.test', port: 22, attempts: [refused, greeted], notTried: [] }, tool);
    expect(readProbe(text)).toEqual({ observations: [refused, greeted], unread: 0 });
    expect(readProbe(`\r\n${text.replaceAll('\n', '\r\n')}`)).toEqual({ observations: [refused, greeted], unread: 0 });
  });

  test('a field that cannot be read is not known', () => {
    const wrong = {
      os: 'beos',
      family: 5,
      port: 0,
      elapsed: -1,
      timer: '12',
      repeats: [1, null],
      answer: 'icmp',
      greeting: 7,
    };
    const [seen] = readProbe(printed([{ ...refused, ...wrong }]))?.observations ?? [];
    const { symptoms, stage, tool, host, address, showsGreeting, line } = refused;
    expect(seen).toEqual({ symptoms, stage, tool, host, address, showsGreeting, line });
  });

  test.each([
    ['a symptom of another version', { ...refused, symptoms: ['refused', 'galactic'] }],
    ['no symptom', { ...refused, symptoms: [] }],
    ['symptoms that are no list', { ...refused, symptoms: 'refused' }],
    ['no stage', { ...refused, stage: undefined }],
    ['no object', 7],
    ['null', null],
  ])('an attempt with %s is left out and counted', (_, attempt) => {
    expect(readProbe(printed([attempt, greeted]))).toEqual({ observations: [greeted], unread: 1 });
  });

  test.each([
    ['the words of ssh', 'ssh: connect to host a port 22: Connection refused'],
    ['nothing', ''],
    ['another JSON', '{"schema": "port22/report/v1", "attempts": []}'],
    ['a list', '[{"schema": "port22/probe/v1"}]'],
    ['a probe without attempts', '{"schema": "port22/probe/v1"}'],
    ['a probe that was cut', printed([refused]).slice(0, -3)],
    ['a deep one', `${'{"a":'.repeat(100_000)}1`],
  ])('%s is no probe', (_, text) => {
    expect(readProbe(text)).toBeUndefined();
  });
});
