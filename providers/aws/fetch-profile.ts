import { FetchError } from '../../src/record/index.js';

/** Credentials as the SDK passes them between its own parts. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** One way into an account. */
export interface AwsProfile {
  /** How to name the profile to people. */
  readonly label: string;
  /** The region that applies where none was asked for; undefined where none is configured. */
  readonly region: string | undefined;
  /** One provider for all clients: a role is assumed, a token asked for, a helper program run once and not once a region. */
  readonly credentials: () => Promise<Credentials>;
  readonly maxAttempts: () => Promise<number>;
}

/** The SDK's warnings (busy sockets, two sources of credentials) would stand between the lines of a report. */
export const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Where the global endpoints live; only who we are and which regions there are is asked here. */
export const FALLBACK_REGION = 'us-east-1';

const MAX_ATTEMPTS = 5;
/** What else stands in the configuration file, as the SDK's reader names it. */
const NOT_A_PROFILE = /^(?:sso-session|services)\./;
/** The settings by which a profile says where its credentials come from. */
const CREDENTIAL_SETTING =
  /^(?:aws_access_key_id|credential_process|login_session|role_arn|sso_\w+|web_identity_token_file)$/;

/**
 * Reads a profile from the shared configuration files; undefined stands for AWS_PROFILE, else for the default credential chain.
 * A profile that says where its credentials come from gets them from there or not at all: the SDK's chain would pass on to the
 * machine's own role, and the answers would come from another account.
 * @throws FetchError when a profile is named that is not configured
 */
export async function openProfile(name: string | undefined): Promise<AwsProfile> {
  const { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } = await import(
    '@smithy/core/config'
  );
  const { NODE_MAX_ATTEMPT_CONFIG_OPTIONS } = await import('@smithy/core/retry');
  const { STSClient } = await import('@aws-sdk/client-sts');

  const profile = name ?? (process.env.AWS_PROFILE || undefined);
  const source = profile === undefined ? {} : { profile };
  const own = profile === undefined ? {} : await ownCredentials(profile);
  const region = await loadConfig(
    { ...NODE_REGION_CONFIG_OPTIONS, environmentVariableSelector: regionOfEnvironment, default: '' },
    { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...source },
  )();
  const client = new STSClient({ ...source, ...own, region: region || FALLBACK_REGION, logger: quiet });
  return {
    label: profile === undefined ? 'the default credential chain' : `profile ${profile}`,
    region: region || undefined,
    credentials: () => client.config.credentials(),
    maxAttempts: loadConfig({ ...NODE_MAX_ATTEMPT_CONFIG_OPTIONS, default: MAX_ATTEMPTS }, source),
  };
}

async function ownCredentials(profile: string) {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { fromIni } = await import('@aws-sdk/credential-provider-ini');
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const settings = { ...configFile[profile], ...credentialsFile[profile] };
  const known = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  if (!known.has(profile)) throw noSuchProfile(profile, [...known].filter((key) => !NOT_A_PROFILE.test(key)).sort());
  return Object.keys(settings).some((key) => CREDENTIAL_SETTING.test(key)) ? { credentials: fromIni({ profile }) } : {};
}

/** The AWS CLI reads both, the SDK only the first. */
function regionOfEnvironment(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined;
}

function noSuchProfile(profile: string, known: readonly string[]): FetchError {
  return new FetchError({
    what: `there is no AWS profile ${profile}`,
    where: 'the AWS configuration and credentials files (~/.aws, or AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE)',
    why: known.length === 0 ? 'they hold no profile at all' : `they hold ${known.slice(0, 10).join(', ')}`,
    fix: `name one of these with --profile, or add it: aws configure --profile ${profile}`,
  });
}
