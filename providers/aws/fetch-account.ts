import { clientConfig, type FetchLimits, type RegionAnswer } from './fetch-client.js';
import type { AwsProfile } from './fetch-profile.js';
import type { AwsAnswer } from './records/recording.js';

/** The account that the profile's credentials belong to; undefined where STS does not say, for instance because a network lets only EC2 through. */
export async function callerAccount(
  profile: AwsProfile,
  region: string,
  limits: FetchLimits,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient(clientConfig(profile, region, limits));
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(limits.page)]);
  try {
    const { Account } = await client.send(new GetCallerIdentityCommand({}), { abortSignal: deadline });
    return Account;
  } catch {
    signal.throwIfAborted();
    return undefined;
  } finally {
    client.destroy();
  }
}

/** Stands where the account could not be learnt. */
export const UNKNOWN_ACCOUNT = 'unknown';

/** The answers of one profile on their way out. */
export interface AccountAnswers {
  /** Passes an answer on under its account, or holds it back until an answer names the account. */
  add(answer: RegionAnswer): void;
  /** Lets go what is still held back, under the account `unknown`. */
  end(): void;
  /** Twelve digits, or `unknown`. */
  readonly account: string;
}

/** Starts a profile's answers; `account` is what STS said. */
export function accountAnswers(account: string | undefined, onAnswer: (answer: AwsAnswer) => void): AccountAnswers {
  const held: RegionAnswer[] = [];
  let known = account;
  const release = () => {
    for (const answer of held.splice(0)) onAnswer({ account: known ?? UNKNOWN_ACCOUNT, ...answer });
  };
  return {
    add(answer) {
      held.push(answer);
      known ??= ownAccount(answer);
      if (known !== undefined) release();
    },
    end: release,
    get account() {
      return known ?? UNKNOWN_ACCOUNT;
    },
  };
}

/**
 * The caller's account as two answers tell it beyond doubt. Networks and groups may belong to an account that shares them;
 * reservations, and the default group of a VPC, cannot.
 */
function ownAccount({ operation, body }: RegionAnswer): string | undefined {
  if (operation === 'ec2:DescribeInstances') return ownerOf(body?.Reservations, () => true);
  if (operation === 'ec2:DescribeSecurityGroups') {
    return ownerOf(body?.SecurityGroups, (group) => group?.GroupName === 'default');
  }
  return undefined;
}

type Entry = Readonly<Record<string, unknown>> | null;

function ownerOf(records: unknown, counts: (record: Entry) => boolean): string | undefined {
  const owners = (Array.isArray(records) ? records : []).filter(counts).map((record: Entry) => record?.OwnerId);
  return owners.find((owner) => typeof owner === 'string');
}
