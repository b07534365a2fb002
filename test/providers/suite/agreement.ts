import { afterAll, describe, expect, test } from '@jest/globals';
import { audit, diff, explain } from '../../../src/index.js';
import { port22, recorded } from '../../support/command.js';
import { schemaErrors } from '../../support/report-schema.js';
import { tempFolder } from '../../support/temp-folder.js';
import type { ProviderAdapter, Scene } from './adapter.js';
import {
  allow,
  audited,
  CLIENT,
  deny,
  explained,
  faresOf,
  fateIn,
  OFFICE,
  recordedBy,
  STRANGER,
  verdictOf,
  WORLD,
} from './asking.js';

/** That every answer says the same: explain and audit and diff, text and JSON, the cause and its fix. */
export function agreement(adapter: ProviderAdapter): void {
  const asked = adapter.machine(0);
  const { neighbour, peer } = adapter;
  const folder = tempFolder();
  afterAll(() => folder.remove());

  const inside = [allow(neighbour.prefix), allow(peer.prefix)];
  const scenes: Readonly<Record<string, Scene>> = {
    open: { rules: [allow(WORLD)] },
    closed: {},
    'open to an office': { rules: [deny('93.184.216.64/26'), allow(OFFICE)] },
    'open inside': { rules: inside, other: 'joined' },
    'open inside, apart': { rules: inside, other: 'apart' },
    stopped: { rules: [allow(WORLD)], state: 'stopped' },
    'of a state that nobody documents': { rules: [allow(OFFICE), ...inside], state: 'undocumented' },
    'without a public address': { rules: [allow(WORLD)], publicAddress: false },
    'without a way back': { rules: [allow(WORLD)], wayBack: false },
    'of a neighbour that may not send': { rules: [allow(WORLD)], neighbourSends: false },
    'of three': { rules: [allow(OFFICE)], machines: [0, 1, 2] },
  };
  const [addressInside = '', addressOutside = ''] = [neighbour, peer].map(({ prefix }) =>
    prefix.replace('.64/26', '.70'),
  );
  const probes = [CLIENT, STRANGER, '93.184.216.64', '8.8.8.8', addressInside, addressOutside];

  describe.each(Object.entries(scenes))('in an account that is %s', (label, scene) => {
    const documents = recordedBy(adapter, scene);

    test('an audit says of each machine what explain says', () => {
      for (const [name, target] of audited(documents)) {
        const explainedTo = faresOf(documents, name, probes);
        const auditedTo = fateIn(target);
        const told = (fates: typeof explainedTo) => probes.map((probe) => `${probe} to ${name}: ${fates(probe)}`);
        expect(told(auditedTo)).toEqual(told(explainedTo));
      }
    });

    test('sources that are asked together fare as each by itself', () => {
      const some = [CLIENT, addressInside, peer.address];
      const together = explained(documents, asked.name, some.join(',')).report?.targets[0];
      const alone = some.map((from) => `${from}: ${verdictOf(explained(documents, asked.name, from))}`);
      expect(some.map((from) => `${from}: ${together && fateIn(together)(from)}`)).toEqual(alone);
    });

    test('a finding, its steps and its causes agree, and with the exit code', () => {
      for (const from of [STRANGER, addressInside, neighbour.name, '93.184.216.0/23']) {
        const { exitCode, report } = explained(documents, asked.name, from);
        const [target] = report?.targets ?? [];
        if (!target) throw new Error(`no answer from ${from}`);
        expect(exitCode).toBe({ reachable: 0, unreachable: 1, partial: 3, unknown: 3 }[target.verdict]);
        expect(target.symptom === 'connects').toBe(target.verdict === 'reachable');
        for (const { verdict, causes, missing, steps, symptom } of target.findings) {
          const effects = steps.map(({ effect }) => effect);
          expect(effects.includes('stops')).toBe(verdict === 'unreachable');
          expect(causes.length > 0).toBe(verdict === 'unreachable');
          expect(symptom === 'connects').toBe(verdict === 'reachable');
          if (verdict === 'reachable') expect([missing, new Set(effects)]).toEqual([[], new Set(['passes'])]);
          if (verdict === 'unknown') expect(missing).not.toEqual([]);
          const stopping = steps.filter(({ effect }) => effect === 'stops').map(({ component }) => component.id);
          expect(causes.map(({ component }) => component.id)).toEqual(stopping);
          for (const { message, why } of causes)
            expect([message, why].join(' ')).not.toMatch(/undefined|null|NaN|\[object/);
        }
      }
    });

    test('text and JSON say the same verdict', async () => {
      const files = documents.map(({ path, value }) => ({ path: path.replace(/(\.json)?$/, '.json'), value }));
      const input = ['--in', recorded(files, folder.path, label.replaceAll(/\W+/g, '-'))];
      for (const from of [CLIENT, '93.184.216.0/23']) {
        const ask = ['explain', asked.name, '--from', from, ...input];
        const [text, json] = [await port22(ask), await port22([...ask, '--format', 'json'])];
        const report = JSON.parse(json.out);
        expect([text.exitCode, text.err, json.err]).toEqual([json.exitCode, '', '']);
        expect(schemaErrors(report)).toEqual([]);
        expect(report).toEqual(explain({ documents }, { target: asked.name, from }).report);
        const [target] = report.targets;
        const [first = ''] = text.out.split('\n');
        expect(first).toContain(asked.name);
        expect(first).toMatch(new RegExp(`\\b${target.verdict}\\b`));
        for (const other of ['reachable', 'unreachable', 'unknown'].filter((word) => word !== target.verdict))
          if (target.verdict !== 'partial') expect(first).not.toMatch(new RegExp(`\\b${other}\\b`));
        for (const { causes } of target.findings) for (const { message } of causes) expect(text.out).toContain(message);
      }
      const [text, json] = [await port22(['audit', ...input]), await port22(['audit', '--format', 'json', ...input])];
      expect([text.exitCode, text.err, json.err]).toEqual([json.exitCode, '', '']);
      expect(JSON.parse(json.out)).toEqual(audit({ documents }).report);
      for (const { target } of JSON.parse(json.out).targets) expect(text.out).toContain(target.name);
      expect(text.out.includes('whole internet')).toBe(/"world-open"/.test(json.out));
    });

    test('no difference is found from itself', () => {
      const { exitCode, report } = diff({ documents }, { documents });
      expect(exitCode).toBe(scene.state === 'undocumented' ? 3 : 0);
      expect(report?.targets.flatMap(({ gains, loses }) => [...gains, ...loses])).toEqual([]);
      if (scene.state !== 'undocumented') expect(report?.targets).toEqual([]);
    });
  });

  describe('a difference', () => {
    const [closed, office] = [scenes.closed ?? {}, { rules: [allow(OFFICE)] }].map((scene) =>
      recordedBy(adapter, scene),
    );
    const between = (before = closed, after = office) => {
      const answer = diff({ documents: before ?? [] }, { documents: after ?? [] });
      expect(schemaErrors(answer.report, 'diff')).toEqual([]);
      return answer;
    };

    test('tells exactly who gains access, and through what', () => {
      const { exitCode, report } = between(closed, office);
      expect(exitCode).toBe(1);
      const through = { component: { id: adapter.opener } };
      expect(report?.targets).toMatchObject([
        { target: { name: asked.name }, exists: 'both', gains: [OFFICE], loses: [], unknown: [], flags: [], through },
      ]);
    });

    test('tells exactly who loses access, and why', () => {
      const { exitCode, report } = between(office, closed);
      expect(exitCode).toBe(1);
      expect(report?.targets).toMatchObject([
        { target: { name: asked.name }, gains: [], loses: [OFFICE], unknown: [] },
      ]);
      const causes = report?.targets[0]?.losses.flatMap((loss) => loss.causes) ?? [];
      expect(causes.map(({ code, component }) => `${code} ${component.id}`)).toEqual([adapter.causes.noRule]);
    });

    test('flags what becomes open to the world', () => {
      const world = recordedBy(adapter, scenes.open ?? {});
      expect(between(office, world).report?.targets).toMatchObject([{ flags: ['world-open'], loses: [], unknown: [] }]);
    });

    test('tells that a machine is new, and that one is gone', () => {
      const two = recordedBy(adapter, { rules: [allow(OFFICE)], machines: [0, 1] });
      const { name } = adapter.machine(1);
      expect(between(office, two).report?.targets).toMatchObject([{ target: { name }, exists: 'after' }]);
      expect(between(two, office).report?.targets).toMatchObject([{ target: { name }, exists: 'before' }]);
    });
  });

  describe('a policy against the internet', () => {
    const rule = { policy: 'ssh-open-to-internet', severity: 'critical', forbid: ['internet'] };
    const policy = { schema: 'port22/policy/v1', rules: [rule] };
    const checked = (scene: Scene) => audit({ documents: recordedBy(adapter, scene) }, { policy });

    test('is broken by what is open to a part of it, exactly, and by whom is told', () => {
      const { exitCode, report } = checked({ rules: [allow(OFFICE), ...inside] });
      expect(exitCode).toBe(1);
      expect(report?.violations.map(({ target, blame }) => [target.name, blame?.id])).toEqual([
        [asked.name, adapter.opener],
      ]);
      expect(report?.violations[0]?.from).toEqual([OFFICE]);
    });

    test.each<[string, Scene]>([
      ['closed', {}],
      ['open inside only', { rules: inside }],
      ['without a public address', { rules: [allow(WORLD)], publicAddress: false }],
    ])('holds for what is %s', (_, scene) => {
      const { exitCode, report } = checked(scene);
      expect({ exitCode, violations: report?.violations }).toEqual({ exitCode: 0, violations: [] });
    });

    test('is neither kept nor broken by what is not known', () => {
      expect(checked({ rules: [allow(OFFICE)], state: 'undocumented' })).toMatchObject({
        exitCode: 3,
        report: { violations: [] },
      });
    });
  });

  describe('a fix', () => {
    const faults: Readonly<Record<string, { readonly scene: Scene; readonly from: string }>> = {
      noRule: { scene: {}, from: CLIENT },
      denied: { scene: { rules: [deny(OFFICE), allow(WORLD)] }, from: CLIENT },
      stopped: { scene: { rules: [allow(OFFICE)], state: 'stopped' }, from: CLIENT },
      noPublicAddress: { scene: { rules: [allow(OFFICE)], publicAddress: false }, from: CLIENT },
      noWayBack: { scene: { rules: [allow(OFFICE)], wayBack: false }, from: CLIENT },
      senderClosed: {
        scene: { rules: [allow(neighbour.prefix), allow(`${neighbour.address}/32`)], neighbourSends: false },
        from: neighbour.name,
      },
    };

    test.each(adapter.mended)('is offered, and removes its cause: %s', (fault) => {
      const { scene = {}, from = CLIENT } = faults[fault] ?? {};
      const target = fault === 'senderClosed' ? asked.address : asked.name;
      const [found] = explained(recordedBy(adapter, scene), target, from).report?.targets ?? [];
      const [finding] = found?.findings ?? [];
      const codes = finding?.causes.map(({ code }) => code) ?? [];
      expect(codes).toEqual([adapter.causes[fault].split(' ')[0]]);
      expect(finding?.fixes.map((fix) => fix.for)).toEqual(codes);
      expect(finding?.fixes[0]?.command).toMatch(/\S+ \S+/);
      expect(finding?.fixes[0]?.pulumi).toMatch(/\S/);
    });

    test('of a missing rule lets in whom was asked for, and nobody else', () => {
      const { report } = explained(recordedBy(adapter, {}), asked.name, '93.184.216.7,93.184.216.128/25');
      const fixes = report?.targets[0]?.findings.flatMap((finding) => finding.fixes) ?? [];
      expect(fixes).not.toEqual([]);
      expect(fixes.map(({ checked, loses }) => ({ checked, loses }))).toEqual(
        fixes.map(() => ({ checked: true, loses: [] })),
      );
      expect([...new Set(fixes.flatMap(({ gains }) => gains))]).toEqual(['93.184.216.7/32', '93.184.216.128/25']);
    });

    test('of several causes names each, and is proved with all of them', () => {
      const { report } = explained(recordedBy(adapter, { state: 'stopped', wayBack: false }), asked.name, CLIENT);
      const [finding] = report?.targets[0]?.findings ?? [];
      expect(finding?.fixes.map((fix) => fix.for)).toEqual(finding?.causes.map(({ code }) => code));
    });

    test('is not offered for what is open, nor for the whole internet', () => {
      const fixesOf = (scene: Scene, from: string) =>
        explained(recordedBy(adapter, scene), asked.name, from).report?.targets[0]?.findings.flatMap(
          ({ fixes }) => fixes,
        );
      expect(fixesOf(scenes.open ?? {}, CLIENT)).toEqual([]);
      expect(fixesOf({}, 'internet')).toEqual([]);
    });
  });
}
