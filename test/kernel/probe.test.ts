import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Observation, ProbeResult } from '../../src/model/index.js';
import { nobody, type ProbeLab, server, startProbeLab } from '../support/kernel/probe-lab.js';
import { describeKernel, GATHER_AND_START_MS } from '../support/kernel/suite.js';

// A namespace for each test: ICMP messages to one client are held back for seconds after six.
let lab: ProbeLab;
beforeEach(async () => {
  lab = await startProbeLab();
}, GATHER_AND_START_MS);
afterEach(() => lab?.end());

const rule = (text: string) => `add table inet t
add chain inet t input { type filter hook input priority 0; policy accept; }
add rule inet t input tcp dport 22 ${text}`;

async function observations(address: string, timeout = '5'): Promise<readonly Observation[]> {
  const { out } = await lab.port22('probe', address, '--timeout', timeout, '--format', 'json');
  const { attempts }: ProbeResult = JSON.parse(out);
  return attempts;
}

/** How many of the attempts in a row took less than half a second, from the first on. */
function fastOnes({ repeats = [] }: Observation): number {
  const slow = repeats.findIndex((time) => time > 500);
  return slow < 0 ? repeats.length : slow;
}

describeKernel('what the server answers to a SYN', () => {
  test.each([
    ['reject with icmp port-unreachable', server.ipv4, 'refused', true],
    ['reject with icmp admin-prohibited', server.ipv4, 'no-route', true],
    ['reject with icmp host-prohibited', server.ipv4, 'no-route', true],
    ['reject with icmp net-unreachable', server.ipv4, 'net-unreachable', false],
    ['reject with icmp prot-unreachable', server.ipv4, 'no-protocol', false],
    ['reject with icmpv6 admin-prohibited', server.ipv6, 'permission-denied', false],
    ['reject with icmpv6 no-route', server.ipv6, 'net-unreachable', false],
    ['reject with icmpv6 addr-unreachable', server.ipv6, 'no-route', undefined],
    ['reject with tcp reset', server.ipv4, 'refused', false],
    ['reject with tcp reset', server.ipv6, 'refused', false],
    ['counter', server.ipv4, 'refused', false],
  ])('%s, from %s: %s', async (text, address, symptom, told) => {
    await lab.load(rule(text));
    const [seen, ...others] = await observations(address);
    expect(others).toEqual([]);
    expect(seen).toMatchObject({ symptoms: [symptom], stage: 'connecting', os: 'linux' });
    if (told !== undefined) expect(seen?.answer).toEqual(told ? { kind: 'icmp' } : undefined);
  });

  test('ICMP messages are held back after six, and that tells them from resets', async () => {
    await lab.load(rule('reject with icmp port-unreachable'));
    const [seen] = await observations(server.ipv4);
    expect(seen && fastOnes(seen)).toBe(6);
    expect(seen?.repeats?.slice(6).every((time) => time >= 950)).toBe(true);
  });

  test('resets are not', async () => {
    await lab.load(rule('reject with tcp reset'));
    const [seen] = await observations(server.ipv4);
    expect(seen && fastOnes(seen)).toBe(8);
  });

  test('a client whose answers are held back already is told of ICMP as well', async () => {
    await lab.load(rule('reject with icmp port-unreachable'));
    await observations(server.ipv4);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    const [seen] = await observations(server.ipv4);
    expect(seen && fastOnes(seen)).toBeLessThan(6);
    expect(seen).toMatchObject({ symptoms: ['refused'], answer: { kind: 'icmp' } });
  });

  test('drop: nothing, until the timer ends', async () => {
    await lab.load(rule('drop'));
    const [seen] = await observations(server.ipv4, '2');
    expect(seen).toMatchObject({ symptoms: ['times-out'], timer: 2000 });
    expect(seen?.elapsed).toBeGreaterThanOrEqual(1990);
    expect(seen).not.toHaveProperty('repeats');
  });

  test('refused three times, then accepted: both are told', async () => {
    await lab.greet(22);
    await lab.load(rule('limit rate 1/hour burst 3 packets reject with tcp reset'));
    const [first, second, ...others] = await observations(server.ipv4);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ symptoms: ['refused'] });
    expect(first?.repeats).toHaveLength(3);
    expect(second).toMatchObject({ symptoms: ['connects'], greeting: 'SSH-2.0-lab' });
  });

  test('is told to people: what refuses, and that a closed port does not do that', async () => {
    await lab.load(rule('reject'));
    const { out, exitCode } = await lab.port22('probe', server.ipv4);
    expect(exitCode).toBe(1);
    expect(out).toMatch(
      /^10\.22\.2\.2 {2}tcp\/22 {2}the client is refused, after \d+ ms; 6 of 9 at once, then 3 held back/,
    );
    expect(out).toContain('means  an ICMP message refuses: a firewall on the host or on the way rejects.');
  });
});

describeKernel('what the client itself, or nobody, answers', () => {
  test.each([
    ['blackhole', 'invalid-argument'],
    ['prohibit', 'permission-denied'],
    ['unreachable', 'no-route'],
    ['throw', 'net-unreachable'],
  ])('a route of type %s: %s, without an ICMP message', async (type, symptom) => {
    await lab.clientIp(`route add ${type} 10.22.9.9`);
    const [seen] = await observations('10.22.9.9');
    expect(seen).toMatchObject({ symptoms: [symptom], stage: 'connecting' });
    expect(seen).not.toHaveProperty('answer');
  });

  test('no route: net-unreachable, in both families', async () => {
    for (const address of ['192.0.2.1', '2001:db8::1'])
      expect(await observations(address)).toMatchObject([{ symptoms: ['net-unreachable'] }]);
  });

  test('an address that nobody has: no route after three seconds, and no second try', async () => {
    const [seen] = await observations(nobody);
    expect(seen).toMatchObject({ symptoms: ['no-route'] });
    expect(seen?.elapsed).toBeGreaterThan(2400);
    expect(seen).not.toHaveProperty('repeats');
  });
});
