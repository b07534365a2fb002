import { type AzureCall, graphKinds, partsOf } from './operations.js';
import { keyOf, subscriptionOf, typeOf } from './records/ids.js';
import { kinds } from './records/kinds.js';
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

  /** Every call has been answered. */
  finish(): void {
    const graphs = this.parts.filter(({ call }) => call.route.client === 'graph').flatMap(rowsByKind);
    for (const answer of graphs) {
      // Resource Graph leaves out what its reader may not see; who sees every network sees the gateways in them.
      const networks = listOfKind({ ...answer, operation: kinds.networks.action });
      const isWhole =
        answer.body !== undefined && answer.body.resultTruncated === undefined && this.whole.has(networks);
      if (isWhole) this.whole.add(listOfKind(answer));
      this.settle(answer, isWhole);
    }
    const refused = new Set(this.ofShare('owner').flatMap(({ answer }) => (answer.error ? listOfKind(answer) : [])));
    for (const { answer } of this.ofShare('owner')) this.settle(answer, !refused.has(listOfKind(answer)));
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

function listOfKind({ subscription, operation }: AzureAnswer): string {
  return `${subscription.toLowerCase()} ${operation}`;
}

/** The rows as lists, one for each kind and subscription. */
function rowsByKind({ call, answer }: Part): AzureAnswer[] {
  if (call.route.client !== 'graph') return [];
  const rows = partsOf(answer.body?.data);
  const isCut = answer.body !== undefined && String(answer.body.resultTruncated) === 'true';
  return call.route.subscriptions.flatMap((subscription) =>
    graphKinds.map((name): AzureAnswer => {
      const { action, type } = kinds[name];
      const identity = { subscription, operation: action, subject: {} };
      if (answer.error) return { ...identity, error: answer.error };
      const value = rows.filter(
        ({ id }) => subscriptionOf(keyOf(String(id))) === subscription && typeOf(String(id)) === type,
      );
      return { ...identity, body: { value, ...(isCut && partial) } };
    }),
  );
}

/** A cloud that does not know prefixes of application security groups has none. */
function isUnheardOf({ operation, error }: AzureAnswer): boolean {
  const isNew = operation === kinds.prefixSets.action;
  return (
    isNew && /^(?:NoRegisteredProviderFound|InvalidResourceType|InvalidApiVersionParameter)$/.test(error?.code ?? '')
  );
}
