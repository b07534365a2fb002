import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { port22 } from '../../support/command.js';

const bundle = 'examples/banned/web.bundle';
const refused = (address: string) => `ssh: connect to host ${address} port 22: Connection refused`;

/** The bundle is what the collector printed on a machine whose fail2ban had banned 10.10.1.1. */
async function diagnosed(saw: string, ...more: readonly string[]) {
  const { out, err, exitCode } = await port22(['diagnose', '--saw', saw, '--host', bundle, ...more]);
  return { out, err, exitCode };
}

describe('a client that is banned', () => {
  test('is told so, with what ends it, and of the rest only what evidence rules out', async () => {
    const { out, err, exitCode } = await diagnosed(refused('10.10.1.2'));
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
    expect(out).toContain('proved    host/banned');
    expect(out).toContain('fix     fail2ban-client set sshd unbanip 10.10.1.1\n');
    expect(out).toMatch(/not {7}web: sshd listens on 0\.0\.0\.0:22\n {14}host\/no-listener host\/other-port/);
    expect(out).toMatch(/\d\d others: they would look otherwise \(--format json names them\)\n$/);
    expect(out).not.toContain('host/firewall-drops');
    expect(out).not.toContain('\\u{9}');
  });

  test('is that by one family only: by the other nobody asked who it is', async () => {
    const { out, err } = await diagnosed(refused('fd10:1::2'));
    expect(err).toBe('');
    expect(out).not.toContain('proved');
  });

  test('leaves no doubt in JSON of what ruled each cause out', async () => {
    const { out } = await diagnosed(refused('10.10.1.2'), '--format', 'json');
    const [{ excluded }] = JSON.parse(out).attempts;
    const by = new Map(excluded.map((one: { code: string; by: string }) => [one.code, one.by]));
    expect([by.get('host/no-listener'), by.get('host/firewall-drops')]).toEqual(['evidence', 'look']);
  });

  test('is another one where somebody else asks', async () => {
    const { out, exitCode } = await diagnosed(refused('10.10.1.2'), '--from', '10.10.1.9');
    expect(exitCode).toBe(3);
    expect(out).toContain('AGAINST   the evidence lets the client through');
  });
});

test('the example is whole', () => {
  expect(readFileSync(join(__dirname, '../../..', bundle), 'utf8')).toMatch(/port22 end of bundle\n$/);
});
