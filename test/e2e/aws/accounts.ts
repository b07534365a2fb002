import { EC2Client } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

/** The account that moto starts with, and one that is entered by assuming a role. */
export const A = '123456789012';
export const B = '444455556666';

const ROLE = `arn:aws:iam::${B}:role/auditor`;
const credentials = { accessKeyId: 'AKIAROOT', secretAccessKey: 'x' };

/** A configuration file with a profile for each account. */
export function profiles(region: string): string {
  return `
[profile a]
region = ${region}
aws_access_key_id = ${credentials.accessKeyId}
aws_secret_access_key = ${credentials.secretAccessKey}
[profile b]
region = ${region}
role_arn = ${ROLE}
source_profile = a
`;
}

export function clientOfA(endpoint: string, region: string): EC2Client {
  return new EC2Client({ region, endpoint, credentials });
}

export async function clientOfB(endpoint: string, region: string): Promise<EC2Client> {
  const sts = new STSClient({ region, endpoint, credentials });
  const { Credentials: keys } = await sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'test' }));
  const assumed = {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  };
  return new EC2Client({ region, endpoint, credentials: assumed });
}
