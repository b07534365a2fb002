import type { Problem } from '../../src/model/index.js';
import type { DocumentSink, Intake } from '../../src/provider.js';
import type { Reading } from '../../src/record/index.js';
import { gcpCloud } from './cloud.js';
import { emptyInventory, type Inventory } from './inventory.js';
import { type KindName, kinds } from './records/kinds.js';
import { pathOf, projectOf } from './records/names.js';
import {
  envelopeOf,
  holeIn,
  isObject,
  type Json,
  kindOfList,
  kindOfOperation,
  kindOfResource,
  scopedResources,
  textOf,
} from './records/recorded-answer.js';
import { effectiveKey } from './records/subjects.js';

type Stored = Record<string, unknown> & { account?: string | undefined };

interface Read {
  readonly name: KindName;
  readonly id: string;
  readonly record: Stored;
}

function trailText(trail: readonly (string | number)[]): string {
  return trail.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
}

type At = () => string;

/** Lists of other APIs, whose elements do not say what they are. */
const unnamedLists = ['policyBasedRoutes', 'addressGroups'] as const;

/** Takes in what gcloud prints, what the REST APIs answer, and what port22 recorded, whatever the files are called. */
export class GcpIntake implements Intake {
  readonly provider = 'gcp';
  private readonly problems: Problem[] = [];
  private readonly common = { shared: new Map<string, string>(), sharedObjects: new Map<string, object>() };
  private readonly documents: ((inventory: Inventory) => void)[] = [];
  private recorded = false;

  open(file: string): DocumentSink {
    const read: Read[] = [];
    const seen = new Set<KindName>();
    const holes = new Map<KindName, string>();
    let root: Json = {};
    const take = (value: unknown, at: At, name = kindOfResource(value)): boolean => {
      if (!name) return false;
      seen.add(name);
      const record = this.readRecord(name, value, at, () => holes.set(name, 'one of its records could not be read'));
      const own = textOf(record?.selfLink) ?? textOf(record?.parent);
      if (record) read.push({ name, id: pathOf(own) ?? String(record.name), record });
      return true;
    };
    return {
      wants: (key) => key === '' || key === 'items',
      element: (_, value, place) => take(value, () => `${place.file}:${place.line}:${place.column}`),
      rest: (value) => {
        if (!isObject(value)) return seen.size > 0;
        root = { ...root, ...value };
        const listed = kindOfList(textOf(root.kind));
        if (listed) seen.add(listed);
        if (isObject(root.items)) for (const item of scopedResources(root.items)) take(item, () => file);
        for (const name of unnamedLists) {
          const list = root[name];
          if (!Array.isArray(list)) continue;
          seen.add(name);
          for (const item of list) take(item, () => file, name);
        }
        if (Array.isArray(root.effectiveTags)) take(root, () => file, 'effectiveTags');
        this.takeEffective(root, file, read, seen, holes);
        const known = seen.size > 0 || envelopeOf(root) !== undefined || /^compute#/.test(textOf(root.kind) ?? '');
        this.recorded ||= known;
        return known;
      },
      close: (fault) => {
        this.recorded ||= seen.size > 0;
        const hole = fault ?? holeIn(root);
        if (hole !== undefined) for (const name of seen) holes.set(name, hole);
        this.documents.push((inventory) => store(inventory, root, read, seen, holes));
      },
    };
  }

  finish({ complete }: { readonly complete: boolean }) {
    const inventory = emptyInventory(complete);
    for (const storeDocument of this.documents.splice(0)) storeDocument(inventory);
    return { cloud: gcpCloud(inventory), problems: this.problems, recorded: this.recorded };
  }

  /** An answer about effective rules: what it is about stands beside it, else the rules say whose they are. */
  private takeEffective(
    root: Json,
    file: string,
    read: Read[],
    seen: Set<KindName>,
    holes: Map<KindName, string>,
  ): void {
    if (!Array.isArray(root.firewallPolicys) && !Array.isArray(root.firewalls)) return;
    if (kindOfOperation(envelopeOf(root)?.operation ?? 'x.getEffectiveFirewalls') !== 'effectiveFirewalls') return;
    seen.add('effectiveFirewalls');
    const record = this.readRecord(
      'effectiveFirewalls',
      root,
      () => file,
      () => holes.set('effectiveFirewalls', 'one of its records could not be read'),
    );
    const id = effectiveKey(root);
    if (record && id !== undefined) read.push({ name: 'effectiveFirewalls', id, record });
    else
      this.warn(
        'the effective firewall rules do not say whose they are',
        file,
        'the answer is not used',
        'put "project" and "network" (with "region", where it was asked for one) beside "firewallPolicys"',
      );
  }

  private warn(what: string, where: string, why: string, fix: string): void {
    this.problems.push({ severity: 'warning', what, where, why, fix });
  }

  private readRecord(name: KindName, value: unknown, at: At, hole: () => void): Stored | undefined {
    const reading: Reading = {
      trail: [],
      ...this.common,
      fault: (trail, what) =>
        this.warn(
          `${kinds[name].list}${trailText(trail)}: ${what}`,
          at(),
          'what cannot be read counts as unknown, never as open or closed',
          'record the answer again, or mend the field',
        ),
    };
    const record = kinds[name].read(value, reading);
    if (record === undefined) hole();
    return record;
  }
}

/** Puts the records of one document into the inventory, each with the project that it belongs to. */
function store(
  inventory: Inventory,
  root: Json,
  read: readonly Read[],
  seen: ReadonlySet<KindName>,
  holes: ReadonlyMap<KindName, string>,
): void {
  const envelope = envelopeOf(root);
  const projects = new Map<KindName, Set<string | undefined>>([...seen].map((name) => [name, new Set()]));
  for (const { name, id, record } of read) {
    const project = projectOf(textOf(record.selfLink) ?? id) ?? envelope?.project;
    record.account = project;
    projects.get(name)?.add(project);
    inventory.put(name, id, { ...inventory.get(name, id), ...record } as never);
  }
  const asked = envelope && kindOfOperation(envelope.operation);
  const answered = asked && envelope.error ? [asked] : [...seen];
  for (const name of answered) {
    const own = projects.get(name) ?? new Set();
    const scopes = envelope?.project !== undefined || own.size === 0 ? [envelope?.project] : [...own];
    const subject = subjectOf(name, root);
    for (const account of scopes) {
      inventory.note(name, {
        scope: { account },
        ...(subject !== undefined && { subject }),
        ...(envelope?.error && { error: envelope.error }),
        ...(holes.has(name) && { incomplete: holes.get(name) ?? '' }),
      });
    }
  }
}

/** What an answer is about, where it is not a list of everything. */
function subjectOf(name: KindName, root: Json): string | undefined {
  if (name === 'effectiveFirewalls') return effectiveKey(root);
  return name === 'effectiveTags' ? pathOf(textOf(root.parent)) : undefined;
}
