import { awsPermissions } from '../../../providers/aws/operations.js';
import type { Moto } from './moto.js';

/**
 * Makes a user who may do all that port22 asks for but `denied`. Returns a configuration file in which profile `auditor` has the
 * user's keys, and profile `forger` the same key with a wrong secret.
 */
export async function makeAuditor(moto: Moto, region: string, denied: readonly string[]): Promise<string> {
  const iam = (parameters: Readonly<Record<string, string>>) =>
    moto.query('iam', { Version: '2010-05-08', UserName: 'auditor', ...parameters });
  const Action = awsPermissions().filter((action) => !denied.includes(action));
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
  await iam({ Action: 'CreateUser' });
  await iam({ Action: 'PutUserPolicy', PolicyName: 'port22', PolicyDocument: JSON.stringify(policy) });
  const keys = await iam({ Action: 'CreateAccessKey' });
  const value = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(keys)?.[1];
  return `
[profile auditor]
region = ${region}
aws_access_key_id = ${value('AccessKeyId')}
aws_secret_access_key = ${value('SecretAccessKey')}
[profile forger]
region = ${region}
aws_access_key_id = ${value('AccessKeyId')}
aws_secret_access_key = wrong
`;
}
