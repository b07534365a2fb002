import { afterAll, describe, expect, test } from '@jest/globals';
import { type Answer, audit, explain } from '../../../src/index.js';
import { port22 } from '../../support/command.js';
import { tempFolder } from '../../support/temp-folder.js';
import type { ProviderAdapter, Scene } from './adapter.js';
import {
  allow,
  audited,
  CLIENT,
  cannotTell,
  claims,
  deny,
  explained,
  faresOf,
  OFFICE,
  recordedBy,
  STRANGER,
  seen,
  verdictOf,
  WORLD,
} from './asking.js';
import { type Documents, doubled, frozen, reversed, spread, withNewFields, withTexts } from './recording.js';

/** What is known with certainty, what is not, and that the shape of a recording tells nothing. */
export function evidence(adapter: ProviderAdapter): void {
  const asked = adapter.machine(0);
  const { neighbour, peer } = adapter;
  const open: Scene = { rules: [allow(WORLD)] };
  const mixed: Scene = {
    rules: [
      deny('93.184.216.64/26'),
      allow(OFFICE),
      allow(neighbour.prefix),
      allow(`${peer.address}/32`),
      allow('8.0.0.0/7', '443'),
    ],
    machines: [0, 1],
    other: 'joined',
  };

  /** What sources of every fate are told of a recording. */
  function told(documents: Documents, complete = false): Answer[] {
    const froms = [neighbour.name, peer.name, '93.184.216.0/23'];
    return froms.map((from) => explain({ documents, complete }, { target: asked.name, from }));
  }

  /** An audit with its machines in the order of their ids. */
  function byId({ report, ...rest }: Answer) {
    const { targets = [], ...others } = report ?? {};
    const sorted = targets.toSorted((one, other) => (one.target.id < other.target.id ? -1 : 1));
    return { ...rest, ...others, targets: sorted.map((target) => JSON.stringify(target)) };
  }

  describe('of nothing', () => {
    test('nobody can be asked about', () => {
      const { exitCode, report, problems } = explain({ documents: [] }, { target: asked.name, from: CLIENT });
      expect({ exitCode, report }).toEqual({ exitCode: 2, report: null });
      expect(problems).not.toEqual([]);
    });

    test('lists without a machine tell that there is none', () => {
      const documents = recordedBy(adapter, { machines: [] });
      expect(explained(documents, asked.name, CLIENT)).toMatchObject({ exitCode: 2, report: null });
      expect([...audited(documents).keys()]).toEqual([neighbour.name]);
    });

    test.each<[string, Scene]>([
      ['open', open],
      ['closed', {}],
    ])('machines alone are neither open nor closed, whose rules are %s', (_, scene) => {
      const others = adapter.lists.filter((list) => !adapter.machineLists.includes(list));
      const omissions = others.map((list) => ({ list, how: 'left-out' as const }));
      const documents = adapter.record(scene, { omissions });
      expect(seen(explained(documents, asked.name, CLIENT))).toMatchObject(cannotTell);
      expect(audited(documents).get(asked.name)).toMatchObject({ reachableFrom: [], partialFrom: [] });
    });
  });

  const probes = [CLIENT, STRANGER, '93.184.216.64', `${neighbour.address}`, `${peer.address}`];

  /** What is known of a recording: who reaches machine 0 and the neighbour, and what the probes are told. */
  function knownOf(documents: Documents) {
    return { audits: audited(documents), answers: probes.map(faresOf(documents, asked.name, probes)) };
  }

  type Known = ReturnType<typeof knownOf>;

  /** What the audits claim, or do not tell, and the probes that are told another verdict, which is not that nobody knows. */
  function faults(was: Known, is: Known, list?: string): string[] {
    const isGone = list !== undefined && adapter.machineLists.includes(list);
    const told = [asked.name, neighbour.name].flatMap((name) => {
      const [before, after] = [was.audits.get(name), is.audits.get(name)];
      if (!before || !after) return isGone ? [] : [`${name} is gone`];
      const whats = after.findings.flatMap(({ missing }) => missing.map(({ what }) => what));
      const isNamed = list === undefined || whats.some((what) => what.includes(adapter.permissionOf(list)));
      const isDue = after.unknownFrom.length > before.unknownFrom.length && !isNamed;
      const claimed = claims(before, after).map((claim) => `${name} ${claim}`);
      return [...claimed, ...(isDue ? [`${name} needs ${whats.join(', ') || 'nothing'}`] : [])];
    });
    const opposite = probes.flatMap((from, nth) => {
      const [before, after] = [was.answers[nth], is.answers[nth]];
      const isFair = after === before || after === 'unknown' || (isGone && after === 'no answer');
      return isFair ? [] : [`${from} was ${before} and is ${after}`];
    });
    return [...told, ...opposite];
  }

  const sound = knownOf(recordedBy(adapter, mixed));

  describe.each(['denied', 'left-out'] as const)('a list that was %s', (how) => {
    const lacking = (scene: Scene, ...omitted: readonly string[]) =>
      adapter.record(scene, { omissions: omitted.map((list) => ({ list, how })) });

    test.each(adapter.lists)('opens nothing, closes nothing, and is named where it counts: %s', (list) => {
      expect(faults(sound, knownOf(lacking(mixed, list)), list)).toEqual([]);
    });

    test.each(adapter.neededLists)('makes an open machine unknown: %s', (list) => {
      expect(seen(explained(lacking(open, list), asked.name, CLIENT))).toMatchObject(cannotTell);
    });

    test.each(adapter.neededLists)('opens no closed machine: %s', (list) => {
      expect(verdictOf(explained(lacking({}, list), asked.name, CLIENT))).toMatch(/^un/);
    });

    test('leaves nobody to ask about, and says so, when it is that of the machines', () => {
      const documents = lacking(open, ...adapter.machineLists);
      const answer = explain({ documents }, { target: asked.name, from: CLIENT });
      expect(answer).toMatchObject({ exitCode: 2, report: null });
      const whole = audit({ documents });
      expect(whole.exitCode).toBe(3);
      const subjects = whole.report?.gaps.map(({ subject }) => subject).join('\n');
      expect(subjects).toContain(adapter.permissionOf(adapter.machineLists[0] ?? ''));
    });
  });

  test.each(adapter.lists)('a refusal is named in every report, with what it takes: %s', (list) => {
    const documents = adapter.record(open, { omissions: [{ list, how: 'denied' }] });
    const reports = [explained(documents, asked.name, CLIENT), audit({ documents })].flatMap(
      ({ report }) => report ?? [],
    );
    expect(reports).not.toEqual([]);
    for (const { gaps } of reports) {
      const named = gaps.filter(({ subject }) => subject.includes(adapter.permissionOf(list)));
      expect(named.map(({ code }) => code)).toEqual(['not-permitted']);
    }
  });

  describe.each(Object.entries(adapter.dangling))('a reference to what is in no list: %s', (_, recordOf) => {
    test.each<[string, Scene]>([
      ['open', open],
      ['closed', {}],
      ['open in part', mixed],
    ])('opens nothing and closes nothing that is %s', (_, scene) => {
      expect(faults(knownOf(recordedBy(adapter, scene)), knownOf(frozen(recordOf(scene))))).toEqual([]);
    });
  });

  describe('the shape of a recording tells nothing:', () => {
    type Change = readonly [string, (documents: Documents) => Documents];
    const asTexts: Change = ['numbers as texts', (all) => withTexts(all, adapter.numbersAsTexts)];
    const changes: readonly Change[] = [
      // Where no printer of the cloud writes numbers as texts there is nothing to change.
      ...(adapter.numbersAsTexts.length > 0 ? [asTexts] : []),
      ['the same again', (same) => structuredClone(same)],
      ['files and records in another order', reversed],
      ['everything twice', doubled],
      ['lists over several files', (all) => spread(all, adapter.isWhole)],
      ['lists over several files, in another order', (all) => reversed(spread(all, adapter.isWhole))],
      ['other names of files', (all) => all.map(({ value }, at) => ({ path: `file-${at}.json`, value }))],
      ['new fields', withNewFields],
    ];
    const documents = recordedBy(adapter, mixed);
    const [answers, whole] = [told(documents), audit({ documents })];

    describe.each(changes)('%s', (_, change) => {
      const changed = change(documents);

      test('for explain', () => {
        const written = (all: readonly Answer[]) => all.map((answer) => JSON.stringify(answer));
        expect(written(told(changed))).toEqual(written(answers));
      });

      test('for what an audit says of each machine', () => {
        expect(byId(audit({ documents: changed }))).toEqual(byId(whole));
      });
    });

    test('words that nobody documents, where nothing depends on them', () => {
      const rules = { rules: [deny('93.184.216.64/26'), allow(OFFICE)] };
      const ask = (documents: Documents) => JSON.stringify(explained(frozen(documents), asked.name, '93.184.216.0/23'));
      expect(ask(adapter.unheardOf(rules))).toBe(ask(adapter.record(rules)));
    });

    const [usual = '', ...others] = adapter.forms.toReversed();

    test.each(others)('the notation %s', (form) => {
      const all: readonly Scene[] = [open, {}, mixed, { ...open, state: 'stopped' }, { ...open, wayBack: false }];
      // Resource ids are compared whatever their letters: some notations write all of them small.
      const answersOf = (own: string) =>
        all.map((scene) => {
          const recorded = frozen(adapter.record(scene, { form: own }));
          const all = [...told(recorded, true), audit({ documents: recorded, complete: true })];
          return all.map(({ exitCode, report }) => `${exitCode} ${JSON.stringify(report?.targets)}`.toLowerCase());
        });
      expect(answersOf(form)).toEqual(answersOf(usual));
    });
  });

  describe('the bytes of a file tell nothing:', () => {
    const folder = tempFolder();
    afterAll(() => folder.remove());
    const documents = recordedBy(adapter, mixed);

    async function printed(name: string, text: (json: string) => string) {
      const files = documents.map(({ path, value }) => [
        `${name}/${path.replace(/(\.json)?$/, '.json')}`,
        text(JSON.stringify(value, null, 2)),
      ]);
      folder.write(Object.fromEntries(files));
      const input = ['--in', `${folder.path}/${name}`];
      const explaining = await port22(['explain', asked.name, '--from', '93.184.216.0/23', ...input]);
      return [explaining, await port22(['audit', '--format', 'json', ...input])];
    }

    test.each<[string, (json: string) => string]>([
      ['a byte order mark', (json) => `\ufeff${json}`],
      ['lines as Windows ends them', (json) => json.replaceAll('\n', '\r\n')],
      ['both', (json) => `\ufeff${json.replaceAll('\n', '\r\n')}\r\n`],
      ['no line at all', (json) => JSON.stringify(JSON.parse(json))],
    ])('%s', async (name, text) => {
      expect(await printed(name.replaceAll(' ', '-'), text)).toEqual(await printed('plain', (json) => json));
    });
  });
}
