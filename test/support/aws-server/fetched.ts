import { type AwsAnswer, type AwsScope, type FetchIo, fetchAws } from '../../../providers/aws/fetch.js';
import { recordedDocument } from '../../../providers/aws/records/recording.js';

/** What a fetch gave. */
export interface Fetched {
  readonly scopes: readonly AwsScope[];
  readonly answers: readonly AwsAnswer[];
  /** The one answer to an operation, about one subject where the operation asks about several. */
  answer(operation: string, subject?: string): AwsAnswer;
  /** Path to value, as `port22 fetch` would write them. */
  readonly documents: Readonly<Record<string, object>>;
}

export interface FetchOptions extends Partial<Omit<FetchIo, 'progress'>> {
  readonly profiles?: readonly (string | undefined)[];
  readonly regions?: readonly string[];
  readonly userData?: boolean;
}

/** Runs `fetchAws` and collects. */
export async function fetched({
  profiles = [],
  regions = [],
  userData = false,
  ...io
}: FetchOptions = {}): Promise<Fetched> {
  const answers: AwsAnswer[] = [];
  const request = { profiles, regions, userData };
  const scopes = await fetchAws(request, { progress() {}, ...io }, (answer) => answers.push(answer));
  return {
    scopes,
    answers,
    answer(operation, subject) {
      const found = answers.filter(
        (answer) =>
          answer.operation === operation &&
          (subject === undefined || Object.values(answer.parameters).includes(subject)),
      );
      const [only, ...others] = found;
      if (!only || others.length > 0) throw new Error(`${found.length} answers to ${operation} ${subject ?? ''}`);
      return only;
    },
    documents: Object.fromEntries(answers.map(recordedDocument).map(({ path, value }) => [path, value])),
  };
}
