import type { Problem } from '../../src/model/index.js';
import type { DocumentSink, Intake, Place } from '../../src/provider.js';
import { interned, type Reading } from '../../src/record/index.js';
import { azureCloud } from './cloud.js';
import { emptyInventory, type Inventory } from './inventory.js';
import { isObject } from './records/arm-object.js';
import { keyOf, subscriptionOf, UNKNOWN_SUBSCRIPTION } from './records/ids.js';
import { type KindName, kinds } from './records/kinds.js';
import {
  envelopeOf,
  type Json,
  kindOfAnswer,
  kindOfOperation,
  kindOfResource,
  subjectOf,
  textOf,
} from './records/recorded-answer.js';
import { retired } from './retired.js';

type Stored = Record<string, unknown> & { account?: string | undefined };

interface Read {
  readonly name: KindName;
  readonly id: string;
  readonly record: Stored;
}

type At = () => string;

/** To be asked for only where it is shown: lines are counted then. */
function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function trailText(trail: readonly (string | number)[]): string {
  return trail.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
}

/** One recorded document, while it is read. */
class RecordedDocument implements DocumentSink {
  private readonly read: Read[] = [];
  private readonly seen = new Set<KindName>();
  private readonly holes = new Map<KindName, string>();
  /** Elements that do not say what they are: the rest of the document does. */
  private readonly loose: unknown[] = [];
  private root: Json = {};
  private readonly file: string;
  private readonly intake: AzureIntake;

  constructor(file: string, intake: AzureIntake) {
    this.file = file;
    this.intake = intake;
  }

  wants(key: string): boolean {
    return key === '' || key === 'value' || key === 'data';
  }

  element(key: string, value: unknown, place: Place): boolean {
    const name = kindOfResource(value);
    if (name === 'ignored') {
      this.intake.recorded = true;
      if (key === 'value') this.loose.push(value);
    } else if (name !== undefined) this.take(name, value, () => placeText(place));
    else if (key === 'value' && isObject(value)) this.loose.push(value);
    else return false;
    return true;
  }

  rest(value: unknown): boolean {
    if (!isObject(value)) return this.seen.size > 0;
    this.root = { ...this.root, ...value };
    const { root, loose } = this;
    const envelope = envelopeOf(root);
    const name = envelope?.error ? undefined : kindOfAnswer(root, loose);
    if (name) this.takeAnswer(name);
    else if (loose.some((one) => kindOfResource(one) === undefined)) return false;
    const listed = envelope && kindOfOperation(envelope.operation);
    if (listed && !envelope.error) this.seen.add(listed);
    const known = this.seen.size > 0 || envelope !== undefined;
    this.intake.recorded ||= known;
    return known;
  }

  close(fault?: string): void {
    this.intake.recorded ||= this.seen.size > 0;
    const { nextLink, resultTruncated } = this.root;
    const isCut = textOf(nextLink) !== undefined || resultTruncated === 'true';
    const hole = fault ?? (isCut ? 'only some of its pages were recorded' : undefined);
    if (hole !== undefined) for (const name of this.seen) this.holes.set(name, hole);
  }

  private take(name: KindName, value: unknown, at: At): void {
    this.seen.add(name);
    const record = this.intake.readRecord(name, value, at);
    const id = record && textOf(record.id);
    if (record && id !== undefined) this.read.push({ name, id: keyOf(id), record });
    else this.holes.set(name, 'one of its records could not be read');
  }

  private takeAnswer(name: KindName): void {
    this.seen.add(name);
    const record = this.intake.readRecord(name, { ...this.root, value: this.loose }, () => this.file);
    const id = subjectOf(name, this.root);
    if (record && id !== undefined) this.read.push({ name, id, record });
    else this.holes.set(name, 'it could not be read, or does not say what it is about');
  }

  /**
   * Puts the records into the inventory, and notes what was answered.
   * @param isOver whether they replace what is there, and tell nothing of what else there is where that is
   */
  store(inventory: Inventory, isOver: boolean): void {
    const envelope = envelopeOf(this.root);
    const owners = new Map<KindName, Set<string | undefined>>();
    for (const { name, id, record } of this.read) {
      const subscription = subscriptionOf(id) ?? envelope?.subscription;
      if (subscription !== undefined) record.account = this.intake.common(subscription);
      owners.set(name, (owners.get(name) ?? new Set()).add(subscription));
      const other = isOver ? undefined : inventory.get(name, id);
      inventory.put(name, id, (other ? { ...other, ...record } : record) as never);
    }
    const asked = envelope && kindOfOperation(envelope.operation);
    for (const name of asked && envelope.error ? [asked] : this.seen)
      this.note(inventory, name, isOver ? new Set([UNKNOWN_SUBSCRIPTION]) : owners.get(name));
  }

  private note(inventory: Inventory, name: KindName, owners: ReadonlySet<string | undefined> = new Set()): void {
    const envelope = envelopeOf(this.root);
    const scopes = envelope?.subscription !== undefined || owners.size === 0 ? [envelope?.subscription] : [...owners];
    const subject = subjectOf(name, this.root);
    for (const account of scopes) {
      inventory.note(name, {
        scope: { account },
        ...(subject !== undefined && { subject }),
        ...(envelope?.error && { error: envelope.error, action: envelope.operation }),
        ...(this.holes.has(name) && { incomplete: this.holes.get(name) ?? '' }),
      });
    }
  }
}

/** Takes in what `az` prints, what ARM and Resource Graph answer, and what port22 recorded, whatever the files are called. */
export class AzureIntake implements Intake {
  readonly provider = 'azure';
  recorded = false;
  private readonly problems: Problem[] = [];
  private readonly texts = { shared: new Map<string, string>(), sharedObjects: new Map<string, object>() };
  private readonly documents: RecordedDocument[] = [];
  private readonly base: Inventory | undefined;

  /** @param base records over which the documents are laid: what they tell replaces what it tells, and its answers stay as whole as they are */
  constructor(base?: Inventory) {
    this.base = base;
  }

  open(file: string): DocumentSink {
    const document = new RecordedDocument(file, this);
    this.documents.push(document);
    return document;
  }

  finish({ complete }: { readonly complete: boolean }) {
    const inventory = this.base?.copy(complete) ?? emptyInventory(complete);
    for (const document of this.documents.splice(0)) document.store(inventory, this.base !== undefined);
    const problems = [...this.problems, ...retired(inventory)];
    return { cloud: azureCloud(inventory), problems, recorded: this.recorded, evidence: inventory };
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
        this.problems.push({
          severity: 'warning',
          what: `${name}${trailText(trail)}: ${what}`,
          where: at(),
          why: 'what cannot be read counts as unknown, never as open or closed',
          fix: 'record the answer again, or mend the field',
        }),
    };
    return kinds[name].read(value, reading);
  }
}
