import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Lab } from '../support/kernel/lab.js';
import { applyRules, ask, type Ruleset } from '../support/kernel/oracle.js';
import { search, startOracle } from '../support/kernel/search.js';
import { describeKernel, GATHER_AND_START_MS } from '../support/kernel/suite.js';
import { addresses } from '../support/kernel/topology.js';

describeKernel('random rules', () => {
  test(
    'the kernel takes nearly all of them, and answers in every way that rules have',
    async () => {
      const symptoms = new Map<string, number>();
      const { trials, refused, questions, seconds } = await search(({ asked, bundle }) => {
        expect(bundle).toMatch(/^port22 host bundle 1\n(.*\n)*port22 end of bundle\n$/);
        for (const { symptom } of asked) symptoms.set(symptom, (symptoms.get(symptom) ?? 0) + 1);
      });
      process.stderr.write(`${questions} questions of ${trials} rulesets in ${seconds.toFixed(1)} s\n`);
      if (refused.length > trials / 25) throw new Error(`many rulesets were refused:\n${refused.join('\n')}`);
      const rules = [
        'connects',
        'times-out',
        'refused',
        'no-route',
        'net-unreachable',
        'permission-denied',
        'no-protocol',
      ];
      expect([...symptoms.keys()]).toEqual(expect.arrayContaining([...rules, 'silent']));
      // A firewall that answers the client's second packet with a reset may be heard as either.
      const odd = [...symptoms.keys()].filter((symptom) => ![...rules, 'silent', 'reset', 'closed'].includes(symptom));
      expect(odd).toEqual([]);
    },
    GATHER_AND_START_MS,
  );
});

/** One client of each kind, so that rules of a known meaning prove that questions and answers belong together. */
describeKernel('what an answer means', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startOracle();
  }, GATHER_AND_START_MS);
  afterAll(() => lab?.end());

  test.each<{ name: string; ruleset: Ruleset; answers: Record<string, string> }>([
    {
      name: 'nft, by source',
      ruleset: [
        {
          loader: 'nft',
          text: 'table ip t {\nchain i {\ntype filter hook input priority 0; policy accept;\nip saddr 10.10.64.1 drop\nip saddr 10.10.64.2 reject with icmp host-prohibited\nip saddr 10.10.64.3 tcp dport 22 reject with tcp reset\n}\n}\n',
        },
      ],
      answers: {
        '10.10.64.1': 'times-out',
        '10.10.64.2': 'no-route',
        '10.10.64.3': 'refused',
        '10.10.64.4': 'connects 22',
      },
    },
    {
      name: 'iptables of both backends, and a set',
      ruleset: [
        { loader: 'ipset restore', text: 'create s hash:ip\nadd s 10.10.64.5\n' },
        {
          loader: 'iptables-restore',
          text: '*filter\n-A INPUT -s 10.10.64.1 -j DROP\n-A INPUT -m set --match-set s src -j REJECT --reject-with icmp-proto-unreachable\nCOMMIT\n',
        },
        {
          loader: 'iptables-legacy-restore',
          text: '*filter\n-A INPUT -s 10.10.64.2 -j REJECT\nCOMMIT\n*nat\n-A PREROUTING -s 10.10.64.3 -p tcp --dport 22 -j REDIRECT --to-ports 2222\nCOMMIT\n',
        },
      ],
      answers: {
        '10.10.64.1': 'times-out',
        '10.10.64.2': 'refused',
        '10.10.64.3': 'connects 2222',
        '10.10.64.4': 'connects 22',
        '10.10.64.5': 'no-protocol',
      },
    },
    {
      name: 'what passes the first packet only is silent',
      ruleset: [
        {
          loader: 'iptables-restore',
          text: '*filter\n:INPUT DROP\n-A INPUT -m conntrack --ctstate NEW -j ACCEPT\nCOMMIT\n',
        },
      ],
      answers: { '10.10.64.1': 'silent' },
    },
    {
      name: 'nothing is left of the rules before',
      ruleset: [],
      answers: { '10.10.64.1': 'connects 22', '10.10.64.5': 'connects 22' },
    },
  ])('$name', async ({ ruleset, answers }) => {
    await applyRules(lab, ruleset);
    const host = addresses.server[4];
    const asked = await ask(
      lab,
      Object.keys(answers).map((source) => ({ family: 4, source, host, port: 22 })),
    );
    expect(
      Object.fromEntries(asked.map(({ source, symptom, by }) => [source, [symptom, by].filter(Boolean).join(' ')])),
    ).toEqual(answers);
  });
});
