/** The raw answer of one call, in the shape in which the AWS CLI prints it. */
export interface AwsAnswer {
  /** Twelve digits, or `unknown` where the account could not be learnt. */
  readonly account: string;
  readonly region: string;
  /** The IAM action of the call: `ec2:DescribeNetworkAcls`. */
  readonly operation: string;
  /** What names the subject of the answer: `{ PrefixListId: 'pl-1' }`; empty for most operations. */
  readonly parameters: Readonly<Record<string, string>>;
  /** All pages together: the API's own key names, dates as ISO 8601 text. Absent when the call failed. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Why there is no answer. Both texts are one line without control characters. */
  readonly error?: AwsError;
}

export interface AwsError {
  /** The service's name for the error (`UnauthorizedOperation`), or of the failure on the way (`ECONNREFUSED`, `InvalidResponse`). */
  readonly code: string;
  readonly message: string;
}

const SCHEMA = 'port22/recording/v1';

/**
 * The file in which an answer is recorded: a path below the recording's folder and the value to write. Key order is fixed:
 * the envelope, then the identifying parameters, then the answer as it came.
 */
export function recordedDocument(answer: AwsAnswer): { path: string; value: object } {
  const { account, region, operation, parameters, body, error } = answer;
  const envelope = { schema: SCHEMA, provider: 'aws', account, region, operation, ...(error && { error }) };
  const name = operation.slice(operation.indexOf(':') + 1);
  const file = [kebabCase(name), ...Object.values(parameters).map(resourceName)].map(fileNamePart).join('-');
  return {
    path: `aws/${fileNamePart(account)}/${fileNamePart(region)}/${file}.json`,
    value: { port22: envelope, ...parameters, ...body },
  };
}

function kebabCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

/** The resource part of an ARN, which names it within account and region; any other id as it is. */
function resourceName(id: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/s.exec(id)?.[1] ?? id;
}

/** Different texts get different names; no name is a path, hidden, or illegal on any system. */
function fileNamePart(text: string): string {
  return text.replace(/[^A-Za-z0-9-]/g, (unit) =>
    unit === '/' ? '_' : `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
