import type { Problem } from '../../src/model/index.js';
import type { DocumentSink, Intake, Place } from '../../src/provider.js';
import { interned, type Reading } from '../../src/record/index.js';
import { gcpCloud } from './cloud.js';
import { emptyInventory, type Inventory } from './inventory.js';
import { type KindName, kinds } from './records/kinds.js';
import { pathOf, projectOf } from './records/names.js';
import {
  envelopeOf,
  holeIn,
  isObject,
  type Json,
  kindOfAnswer,
  kindOfList,
  kindOfOperation,
  kindOfResource,
  permissionOf,
  scopedResources,
  textOf,
} from './records/recorded-answer.js';
import { subjectOf } from './records/subjects.js';

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

/** To be asked for only where it is shown: lines are counted then. */
function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** Lists of other APIs, whose elements do not say what they are. */
const unnamedLists = ['policyBasedRoutes', 'addressGroups'] as const;

/** One recorded document, while it is read. */
class RecordedDocument implements DocumentSink {
  private readonly read: Read[] = [];
  private readonly seen = new Set<KindName>();
  private readonly holes = new Map<KindName, string>();
  /** Elements that do not say what they are: the rest of the document does. */
  private readonly loose: unknown[] = [];
  private root: Json = {};
  private readonly file: string;
  private readonly intake: GcpIntake;

  constructor(file: string, intake: GcpIntake) {
    this.file = file;
    this.intake = intake;
  }

  wants(key: string): boolean {
    return key === '' || key === 'items';
  }

  element(key: string, value: unknown, place: Place): boolean {
    const name = kindOfResource(value);
    if (name === undefined && key === 'items' && isObject(value) && value.instance !== undefined) {
      this.loose.push(value);
      return true;
    }
    if (name === undefined) return false;
    if (name === 'ignored') this.intake.recorded = true;
    else this.take(name, value, () => placeText(place));
    return true;
  }

  rest(value: unknown): boolean {
    if (!isObject(value)) return this.seen.size > 0;
    this.root = { ...this.root, ...value };
    const { root } = this;
    const kind = textOf(root.kind);
    const listed = kindOfList(kind);
    if (listed) this.seen.add(listed);
    if (isObject(root.items)) for (const item of scopedResources(root.items)) this.takeResource(item);
    for (const name of unnamedLists) {
      const list = root[name];
      if (!Array.isArray(list)) continue;
      this.seen.add(name);
      for (const item of list) this.take(name, item, () => this.file);
    }
    const answer = kindOfAnswer(root) ?? (this.isEffective() ? 'effectiveFirewalls' : undefined);
    if (answer) this.takeAnswer(answer);
    const known = this.seen.size > 0 || envelopeOf(root) !== undefined || kind?.startsWith('compute#') === true;
    this.intake.recorded ||= known;
    return known;
  }

  close(fault?: string): void {
    this.intake.recorded ||= this.seen.size > 0;
    const hole = fault ?? holeIn(this.root);
    if (hole !== undefined) for (const name of this.seen) this.holes.set(name, hole);
  }

  /** Whether effective rules stand in the document, of the interface, the network or the region that stands beside them. */
  private isEffective(): boolean {
    const { root } = this;
    if (kindOfList(textOf(root.kind))) return false;
    return Array.isArray(root.firewallPolicys) || Array.isArray(root.firewalls);
  }

  private takeResource(value: unknown): void {
    const name = kindOfResource(value);
    if (name !== undefined && name !== 'ignored') this.take(name, value, () => this.file);
  }

  private take(name: KindName, value: unknown, at: At): void {
    this.seen.add(name);
    const record = this.intake.readRecord(name, value, at);
    if (!record) this.holes.set(name, 'one of its records could not be read');
    else this.read.push({ name, id: pathOf(textOf(record.selfLink)) ?? String(record.name), record });
  }

  /** An answer about one subject: what it is about stands beside it. */
  private takeAnswer(name: KindName): void {
    this.seen.add(name);
    const value = this.loose.length > 0 ? { ...this.root, items: this.loose } : this.root;
    const record = this.intake.readRecord(name, value, () => this.file);
    const id = subjectOf(name, this.root);
    if (record && id !== undefined) this.read.push({ name, id, record });
    else if (record)
      this.intake.warn(
        `the answer of ${kinds[name].action} does not say what it is about`,
        this.file,
        'the answer is not used',
        'put the parameters of the question ("project", "network", ...) beside it',
      );
    else this.holes.set(name, 'it could not be read');
  }

  /** Puts the records into the inventory, each with the project that it belongs to, and notes what was answered. */
  store(inventory: Inventory, isLaidOver: boolean): void {
    const envelope = envelopeOf(this.root);
    const projects = new Map<KindName, Set<string | undefined>>();
    for (const { name, id, record } of this.read) {
      const project = projectOf(textOf(record.selfLink) ?? id) ?? envelope?.project;
      if (project !== undefined) record.account = this.intake.common(project);
      const own = projects.get(name) ?? new Set();
      projects.set(name, own.add(project));
      // A plan says all that a thing will be; what was recorded of it is not added to that.
      const other = isLaidOver ? undefined : inventory.get(name, id);
      inventory.put(name, id, (other ? { ...other, ...record } : record) as never);
    }
    const asked = envelope && kindOfOperation(envelope.operation);
    for (const name of asked && envelope.error ? [asked] : this.seen)
      if (!isLaidOver || this.isAboutOne(name)) this.note(inventory, name, projects.get(name));
  }

  /** Whether the document tells more of a list than which records a plan has: something about one subject, or that there are others. */
  private isAboutOne(name: KindName): boolean {
    return this.holes.has(name) || subjectOf(name, this.root) !== undefined;
  }

  private note(inventory: Inventory, name: KindName, projects: ReadonlySet<string | undefined> = new Set()): void {
    const envelope = envelopeOf(this.root);
    const scopes = envelope?.project !== undefined || projects.size === 0 ? [envelope?.project] : [...projects];
    const subject = subjectOf(name, this.root);
    // An API that is not switched on has nothing.
    const error = envelope?.error?.code === 'SERVICE_DISABLED' ? undefined : envelope?.error;
    for (const account of scopes) {
      inventory.note(name, {
        scope: { account },
        ...(subject !== undefined && { subject }),
        ...(error && { error, action: permissionOf(envelope?.operation) }),
        ...(this.holes.has(name) && { incomplete: this.holes.get(name) ?? '' }),
      });
    }
  }
}

/** Takes in what gcloud prints, what the REST APIs answer, and what port22 recorded, whatever the files are called. */
export class GcpIntake implements Intake {
  readonly provider = 'gcp';
  recorded = false;
  private readonly problems: Problem[] = [];
  private readonly texts = { shared: new Map<string, string>(), sharedObjects: new Map<string, object>() };
  private readonly documents: RecordedDocument[] = [];
  private readonly ground: Inventory | undefined;

  /** @param ground records over which the documents are laid, which become a part of them: lists that it does not hold stay unheld */
  constructor(ground?: Inventory) {
    this.ground = ground;
  }

  open(file: string): DocumentSink {
    const document = new RecordedDocument(file, this);
    this.documents.push(document);
    return document;
  }

  finish({ complete }: { readonly complete: boolean }) {
    const inventory = this.ground ?? emptyInventory(complete);
    for (const document of this.documents.splice(0)) document.store(inventory, this.ground !== undefined);
    return { cloud: gcpCloud(inventory), problems: this.problems, recorded: this.recorded, evidence: inventory };
  }

  warn(what: string, where: string, why: string, fix: string): void {
    this.problems.push({ severity: 'warning', what, where, why, fix });
  }

  /** A text as the one string that all records share. */
  common(text: string): string {
    return interned(text, this.texts);
  }

  readRecord(name: KindName, value: unknown, at: At): Stored | undefined {
    const reading: Reading = {
      trail: [],
      ...this.texts,
      fault: (trail, what) =>
        this.warn(
          `${kinds[name].list}${trailText(trail)}: ${what}`,
          at(),
          'what cannot be read counts as unknown, never as open or closed',
          'record the answer again, or mend the field',
        ),
    };
    return kinds[name].read(value, reading);
  }
}
