import { groupBy } from '../../src/memo.js';
import { type AzureCall, rowsOf, witnessesOf } from './operations.js';
import { keyOf, subscriptionOf } from './records/ids.js';
import { type KindName, kinds } from './records/kinds.js';
import type { AzureAnswer } from './records/recording.js';

interface Part {
  readonly call: AzureCall;
  readonly answer: AzureAnswer;
}

/** Says of an answer that it is not all there is, in Resource Graph's words. */
const partial = { resultTruncated: 'true' };

/**
 * Hands on what was answered. Who reads a document of a subscription takes it for everything that there is of its kind, so
 * that a part waits until it is known whether the other parts came.
 */
export class Settlement {
  private readonly record: (answer: AzureAnswer) => void;
  private readonly parts: Part[] = [];
  /** The lists that were answered in full. */
  private readonly whole = new Set<string>();

  constructor(record: (answer: AzureAnswer) => void) {
    this.record = record;
  }

  take(call: AzureCall, answer: AzureAnswer): void {
    if (call.route.client === 'graph' || call.share === 'one' || call.share === 'owner') {
      this.parts.push({ call, answer });
      return;
    }
    if (call.share === 'whole' && answer.body) this.whole.add(listOfKind(answer));
    if (!isUnheardOf(answer)) this.record(answer);
  }

  /** Every call has been answered, but for those about single records that were not worth it. */
  finish(unasked: readonly AzureCall[]): void {
    const refused = this.ofShare('one').flatMap(({ answer }) => (isHidden(answer) ? [answer] : []));
    const hidden = new Set([...refused, ...unasked].map(listOfKind));
    for (const { name, answer } of this.parts.flatMap(rowsByKind)) {
      const { subscription } = answer;
      // Resource Graph leaves out what its reader may not see; what other records name was asked for by itself.
      const isSeen = witnessesOf(name).every((operation) => this.whole.has(listOfKind({ subscription, operation })));
      const isAll = answer.body !== undefined && answer.body.resultTruncated === undefined;
      const isWhole = isAll && isSeen && !hidden.has(listOfKind(answer));
      if (isWhole) this.whole.add(listOfKind(answer));
      this.settle(answer, isWhole);
    }
    const unowned = new Set(this.ofShare('owner').flatMap(({ answer }) => (answer.error ? listOfKind(answer) : [])));
    for (const { answer } of this.ofShare('owner')) this.settle(answer, !unowned.has(listOfKind(answer)));
    for (const { answer } of this.ofShare('one')) this.settle(answer, this.whole.has(listOfKind(answer)));
  }

  private ofShare(share: AzureCall['share']): readonly Part[] {
    return this.parts.filter(({ call }) => call.share === share);
  }

  private settle(answer: AzureAnswer, isWhole: boolean): void {
    const { body } = answer;
    this.record(body === undefined || isWhole ? answer : { ...answer, body: { ...body, ...partial } });
  }
}

function listOfKind({ subscription, operation }: Pick<AzureAnswer, 'subscription' | 'operation'>): string {
  return `${subscription.toLowerCase()} ${operation}`;
}

/** A record that is there, by another's word, and that may not be read. */
function isHidden({ error }: AzureAnswer): boolean {
  return error !== undefined && !/^(?:ResourceNotFound|ResourceGroupNotFound|NotFound)$/.test(error.code);
}

interface Rows {
  readonly name: KindName;
  readonly answer: AzureAnswer;
}

/** The rows as lists, one for each kind and subscription. */
function rowsByKind({ call: { route }, answer }: Part): Rows[] {
  if (route.client !== 'graph') return [];
  const isCut = answer.body !== undefined && String(answer.body.resultTruncated) === 'true';
  return route.kinds.flatMap((name) => {
    const bySubscription = groupBy(rowsOf(answer.body ?? {}, name), ({ id }) => subscriptionOf(keyOf(String(id))));
    return route.subscriptions.map((subscription): Rows => {
      const identity = { subscription, operation: kinds[name].action, subject: {} };
      if (answer.error) return { name, answer: { ...identity, error: answer.error } };
      const value = bySubscription.get(subscription) ?? [];
      return { name, answer: { ...identity, body: { value, ...(isCut && partial) } } };
    });
  });
}

/** A cloud that does not know prefixes of application security groups has none. */
function isUnheardOf({ operation, error }: AzureAnswer): boolean {
  const isNew = operation === kinds.prefixSets.action;
  return (
    isNew && /^(?:NoRegisteredProviderFound|InvalidResourceType|InvalidApiVersionParameter)$/.test(error?.code ?? '')
  );
}
