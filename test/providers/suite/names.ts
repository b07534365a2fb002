import { afterAll, describe, expect, test } from '@jest/globals';
import { audit, explain } from '../../../src/index.js';
import { port22, problemsOf, recorded } from '../../support/command.js';
import { tempFolder } from '../../support/temp-folder.js';
import type { ProviderAdapter, Scene } from './adapter.js';
import {
  allow,
  CLIENT,
  CLIENT_V6,
  connects,
  explained,
  OFFICE,
  recordedBy,
  STRANGER,
  seen,
  WORLD,
  WORLD_V6,
} from './asking.js';
import { written } from './recording.js';

/** What could stand in a name that somebody else chooses. */
const hostile = {
  'what a terminal obeys or hides':
    '\u001b[31mred\u001b]0;title\u0007\u0008\u007f\u009b2J\u0085a\r\nb\u2028c\u202ed\u2066e\u2069f\u200bg\u00adh\ufeffi\u2060j\u0000\ud800',
  'words of a shell and a formatter, at length': `$(: > pwned)\`: > pwned\`; ' " \\ * ~ {a,b} $HOME --help %s%n $1 {{x}} \\u001b <b>${'x'.repeat(10_000)}`,
} as const;

/** What is a member of every object. */
const members = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'] as const;

/** What a terminal may obey or a reader cannot see, except the end of a line. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** JSON may hold what its syntax allows, and a reader decodes the rest. */
const UNSEEN_IN_JSON = /(?!\n)[\u0000-\u001f]/;

/** Who is meant by a text, and what becomes of texts that somebody else wrote. */
export function names(adapter: ProviderAdapter): void {
  const asked = adapter.machine(0);
  const { neighbour, writtenNames } = adapter;
  const folder = tempFolder();
  afterAll(() => folder.remove());

  const scene: Scene = {
    rules: [allow(WORLD), allow(WORLD_V6), allow(neighbour.prefix), allow(`${neighbour.address}/32`)],
    ipv6: true,
    machines: [0, 1],
  };
  const ways = [
    ['its id', asked.id, CLIENT],
    ['its name', asked.name, CLIENT],
    ['its public address', asked.publicAddress, CLIENT],
    ['its private address', asked.address, neighbour.name],
    ['its IPv6 address', asked.ipv6, CLIENT_V6],
    ['its IPv6 address in capitals', asked.ipv6.toUpperCase(), CLIENT_V6],
    ...Object.entries(adapter.machine(0).otherNames).map(([what, text]) => [`its ${what}`, text, CLIENT] as const),
  ] as const;

  describe('a machine is found by', () => {
    test.each(ways)('%s', (_, target, from) => {
      const answer = explained(recordedBy(adapter, scene), target, from);
      expect(seen(answer)).toEqual(connects);
      expect(answer.report?.question.target).toBe(target);
      expect(answer.report?.targets[0]?.target).toMatchObject({ id: asked.id, name: asked.name });
    });

    test.each([asked.publicAddress, asked.address, asked.ipv6])(
      '%s, which is then the only one that is asked',
      (address) => {
        const froms = [CLIENT, CLIENT_V6, neighbour.name];
        const addresses = froms.flatMap((from) => {
          const { report } = explained(recordedBy(adapter, scene), address, from);
          return report?.targets[0]?.findings.map((finding) => finding.address) ?? [];
        });
        for (const found of addresses) expect([address, null]).toContain(found);
        expect(addresses).toContain(address);
      },
    );

    test.each(ways.filter(([, text]) => text !== asked.ipv6 && text.toLowerCase() !== asked.ipv6))(
      '%s, as a source',
      (...[, text]) => {
        const { exitCode, problems } = explained(recordedBy(adapter, scene), neighbour.name, text);
        expect({ exitCode, problems }).not.toMatchObject({ exitCode: 2 });
        expect(problems).toEqual([]);
      },
    );
  });

  describe('nobody is', () => {
    const input = recorded(named(recordedBy(adapter, scene)), folder.path, 'plain');

    async function refused(target: string, from = CLIENT) {
      const { exitCode, out, err } = await port22(['explain', target, `--from=${from}`, '--in', input]);
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
      const [problem, ...others] = problemsOf(err);
      expect(others).toEqual([]);
      return problem;
    }

    const mistyped = `${asked.name.slice(0, -2)}${asked.name.slice(-2).split('').toReversed().join('')}`;

    test('a mistyped name, for which another is suggested', async () => {
      for (const text of [mistyped, `${asked.name}q`]) {
        const problem = await refused(text);
        expect(problem).toMatchObject({ severity: 'cannot', where: 'TARGET' });
        expect(problem?.what).toContain(text);
        expect(problem?.fix).toMatch(/^did you mean /);
        expect(problem?.fix).toContain(asked.name);
      }
    });

    test('a mistyped source, for which another is suggested', async () => {
      const problem = await refused(asked.name, `${neighbour.name}q`);
      expect(problem).toMatchObject({ severity: 'cannot', where: '--from' });
      expect(problem?.fix).toContain(neighbour.name);
    });

    test.each(['192.0.2.200', '2001:db8:dead::1', '10.0.1.0/24', '*', '__proto__', 'constructor', ' ', '\u001b[31m'])(
      '%j',
      async (text) => {
        expect(await refused(text)).toMatchObject({ severity: 'cannot', where: 'TARGET' });
      },
    );
  });

  test('of a name that two machines have, both are listed', () => {
    const { documents, name, candidates } = adapter.namesakes();
    const { exitCode, report, problems } = explain({ documents }, { target: name, from: CLIENT });
    expect({ exitCode, report }).toEqual({ exitCode: 2, report: null });
    expect(problems).toHaveLength(1);
    for (const candidate of candidates) expect(problems[0]?.why).toContain(candidate);
    const source = explain({ documents }, { target: neighbour.name, from: name });
    expect(source).toMatchObject({ exitCode: 2, report: null });
    for (const candidate of candidates) {
      expect(source.problems[0]?.why).toContain(candidate);
      expect(explain({ documents }, { target: candidate, from: CLIENT }).exitCode).not.toBe(2);
    }
  });

  const scenes: Readonly<Record<string, { readonly scene: Scene; readonly from: string; readonly exitCode: number }>> =
    {
      open: { scene: { rules: [allow(OFFICE)] }, from: CLIENT, exitCode: 0 },
      closed: { scene: { rules: [allow(OFFICE)] }, from: STRANGER, exitCode: 1 },
      denied: {
        scene: { rules: [{ action: 'deny', from: OFFICE, ports: '22' }, allow(WORLD)] },
        from: CLIENT,
        exitCode: 1,
      },
      'stopped, without a way back': {
        scene: { rules: [allow(OFFICE)], state: 'stopped', wayBack: false },
        from: STRANGER,
        exitCode: 1,
      },
    };

  /** The folder of a scene in which every name is written in another way. */
  function inputOf(of: string, label: string, as: (name: string) => string): string {
    const documents = written(recordedBy(adapter, scenes[of]?.scene ?? {}), writtenNames, as);
    return recorded(named(documents), folder.path, `${of}-${label}`.replaceAll(' ', '-'));
  }

  describe.each(Object.entries(hostile))('%s in every name', (label, text) => {
    const as = (name: string) => `${name}${text}`;
    const target = as(asked.name);

    test.each(Object.entries(scenes))(
      'reaches no terminal, and stays inside the strings of JSON: %s',
      async (of, asking) => {
        const input = inputOf(of, label, as);
        const ask = ['explain', target, '--from', asking.from, '--in', input];
        const text = await port22([...ask, '--color', 'always']);
        expect({ exitCode: text.exitCode, err: text.err }).toEqual({ exitCode: asking.exitCode, err: '' });
        expect(text.out.replaceAll(/\u001b\[\d{1,2}m/g, '')).not.toMatch(UNSEEN);
        const json = await port22([...ask, '--format', 'json']);
        expect(json.out).not.toMatch(UNSEEN_IN_JSON);
        expect(JSON.parse(json.out).targets[0].target.name).toBe(target);
      },
    );

    test.each(Object.entries(scenes))(
      'reaches no terminal from an audit, and stays inside its strings: %s',
      async (of) => {
        const input = inputOf(of, label, as);
        const text = await port22(['audit', '--in', input]);
        expect({ exitCode: text.exitCode, err: text.err }).toEqual({ exitCode: 0, err: '' });
        expect(text.out).not.toMatch(UNSEEN);
        const json = await port22(['audit', '--in', input, '--format', 'json']);
        expect(json.out).not.toMatch(UNSEEN_IN_JSON);
        const found: readonly { readonly target: { readonly name: string } }[] = JSON.parse(json.out).targets;
        expect(found.map((one) => one.target.name)).toContain(target);
      },
    );
  });

  describe.each(members)('names that are or end in %s', (member) => {
    test.each(Object.entries(scenes))('change no answer: %s', (_, { scene: asking, from, exitCode }) => {
      const as = (name: string) => (name === asked.name ? member : `${name}-${member}`);
      const documents = written(recordedBy(adapter, asking), writtenNames, as);
      const answer = explain({ documents }, { target: member, from });
      expect({ exitCode: answer.exitCode, problems: answer.problems }).toEqual({ exitCode, problems: [] });
      expect(answer.report?.targets[0]?.target.name).toBe(member);
      expect(audit({ documents }).report?.targets.map(({ target }) => target.name)).toContain(member);
    });
  });
}

/** The documents under names that end as those of files do. */
function named<T extends { readonly path: string }>(documents: readonly T[]): T[] {
  return documents.map((document) => ({ ...document, path: document.path.replace(/(\.json)?$/, '.json') }));
}
