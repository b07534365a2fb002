import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../support/kernel/lab.js';
import { symptomOf } from '../support/kernel/prober.js';
import { describeKernel, GATHER_AND_START_MS } from '../support/kernel/suite.js';
import { addresses } from '../support/kernel/topology.js';

const { server } = addresses;

describeKernel('a lab', () => {
  describe.each([{ router: false }, { router: true }])('with a router between: $router', (options) => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab(options);
      await lab.listen(['[0.0.0.0]:22', '[::]:22']);
    }, GATHER_AND_START_MS);
    afterAll(() => lab?.end());

    test.each(Object.values(server))('%s is reached from its client', async (host) => {
      expect(symptomOf(await lab.attempt(host, 22))).toBe('connects');
      expect(symptomOf(await lab.attempt(host, 23))).toBe('refused');
    });

    test.each([
      ['10.10.64.1', '10.10.128.1'],
      ['10.10.127.255', server[4]],
      ['fd10:64::1', 'fd10:128::ffff'],
      ['fd10:64::ffff:1', server[6]],
    ])('%s is a client of %s', async (local, host) => {
      const [answer] = await lab.probe([{ id: 7, host, port: 22, local, timer: 500, banner: 500 }]);
      expect(answer).toMatchObject({ id: 7, what: 'GREETED', line: 'SSH-2.0-port22' });
    });

    // All but what a busy processor hands over inside connect(): that waits for the second SYN.
    test('an ICMP error is told at once, to nearly all of many in a row', async () => {
      await lab.load(
        'nft',
        'flush ruleset\ntable inet t { chain i { type filter hook input priority 0; tcp dport 24 reject\n}\n}',
      );
      const jobs = Array.from({ length: 60 }, (_, id) => ({
        id,
        host: id % 2 ? server[4] : server[6],
        port: 24,
        timer: 2500,
      }));
      const answers = await lab.probe(jobs);
      expect(answers.filter(({ what }) => what !== 'ECONNREFUSED')).toEqual([]);
      expect(answers.filter(({ ms }) => ms < 900).length).toBeGreaterThan(50);
    });
  });

  test('two labs do not meet', async () => {
    const [one, other] = await Promise.all([startLab(), startLab()]);
    try {
      await one.load('nft', 'table inet t { chain i { type filter hook input priority 0; policy drop; }\n}');
      expect(await other.quick('nft list ruleset')).toBe('');
      expect((await one.attempt(server[4], 22, 200)).what).toBe('TIMEOUT');
      expect((await other.attempt(server[4], 22, 200)).what).toBe('ECONNREFUSED');
    } finally {
      await Promise.all([one.end(), other.end()]);
    }
  });

  test('a ruleset that the tool refuses is told in its words', async () => {
    const lab = await startLab();
    try {
      await expect(lab.load('iptables-restore', '*filter\n-A INPUT -j NOWHERE\nCOMMIT\n')).rejects.toThrow(/NOWHERE/);
    } finally {
      await lab.end();
    }
  });
});
