import { describe, expect, test } from '@jest/globals';
import { type AwsAnswer, recordedDocument } from '../../../providers/aws/records/recording.js';

const place = { account: '111122223333', region: 'eu-west-1', parameters: {} };

function pathOf(answer: Partial<AwsAnswer>): string {
  return recordedDocument({ ...place, operation: 'ec2:DescribeVpcs', body: {}, ...answer }).path;
}

describe('a recorded answer', () => {
  test('has the envelope first, then the parameters, then the answer as it came', () => {
    const { path, value } = recordedDocument({
      ...place,
      operation: 'ec2:GetManagedPrefixListEntries',
      parameters: { PrefixListId: 'pl-1' },
      body: { Entries: [{ Description: 'office', Cidr: '203.0.113.0/24' }] },
    });
    expect(path).toBe('aws/111122223333/eu-west-1/get-managed-prefix-list-entries-pl-1.json');
    expect(JSON.stringify(value)).toBe(
      '{"port22":{"schema":"port22/recording/v1","provider":"aws","account":"111122223333","region":"eu-west-1",' +
        '"operation":"ec2:GetManagedPrefixListEntries"},"PrefixListId":"pl-1",' +
        '"Entries":[{"Description":"office","Cidr":"203.0.113.0/24"}]}',
    );
  });

  test('of a failed call holds the error in the envelope and nothing else', () => {
    const error = { code: 'UnauthorizedOperation', message: 'You are not authorized to perform this operation.' };
    const { path, value } = recordedDocument({ ...place, operation: 'ec2:DescribeNetworkAcls', error });
    expect(path).toBe('aws/111122223333/eu-west-1/describe-network-acls.json');
    expect(value).toEqual({
      port22: {
        schema: 'port22/recording/v1',
        provider: 'aws',
        account: '111122223333',
        region: 'eu-west-1',
        operation: 'ec2:DescribeNetworkAcls',
        error,
      },
    });
  });

  test.each([
    ['ec2:DescribeVpcBlockPublicAccessOptions', {}, 'describe-vpc-block-public-access-options'],
    ['ec2:DescribeByoipCidrs', {}, 'describe-byoip-cidrs'],
    [
      'elasticloadbalancing:DescribeTargetHealth',
      { TargetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/73e2d6bc24d8a067' },
      'describe-target-health-targetgroup_web_73e2d6bc24d8a067',
    ],
    ['ec2:DescribeVpcs', { VpcId: '../../etc/passwd' }, 'describe-vpcs-%002e%002e_%002e%002e_etc_passwd'],
    ['ec2:DescribeVpcs', { VpcId: 'a\u0000b\\c:d' }, 'describe-vpcs-a%0000b%005cc%003ad'],
  ])('of %s about %j is named %s', (operation, parameters, name) => {
    expect(pathOf({ operation, parameters })).toBe(`aws/111122223333/eu-west-1/${name}.json`);
  });

  test('about two subjects that look alike has two names', () => {
    const ids = ['a/b', 'a_b', 'a%002fb', 'a-b', 'A-b'];
    expect(new Set(ids.map((VpcId) => pathOf({ parameters: { VpcId } }))).size).toBe(ids.length);
  });

  test('of a strange place stays below its folder', () => {
    expect(pathOf({ account: '..', region: '/' })).toBe('aws/%002e%002e/_/describe-vpcs.json');
  });
});
