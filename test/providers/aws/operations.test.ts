import * as directconnect from '@aws-sdk/client-direct-connect';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as ssm from '@aws-sdk/client-ssm';
import { describe, expect, test } from '@jest/globals';
import { actionOf, awsPermissions, describeRegions, operations } from '../../../providers/aws/operations.js';
import { recordedDocument } from '../../../providers/aws/records/recording.js';

const sdks: Readonly<Record<string, object>> = { ec2, elbv2, ssm, directconnect };
const all = [describeRegions, ...operations];

/** The members of a structure in the SDK's own description of the service: `DescribeVpcsRequest`. */
function membersOf(service: string, name: string): unknown {
  const schema: unknown = Reflect.get(sdks[service] ?? {}, `${name}$`);
  return Array.isArray(schema) ? schema[4] : undefined;
}

function inputOf(service: string, name: string): unknown {
  return membersOf(service, `${name}Request`) ?? membersOf(service, `${name}Input`);
}

function outputOf(service: string, name: string): unknown {
  return (
    membersOf(service, `${name}Result`) ??
    membersOf(service, `${name}Output`) ??
    membersOf(service, 'VirtualInterfaces')
  );
}

describe('every operation', () => {
  test.each(all.map((operation) => [actionOf(operation), operation] as const))(
    '%s is as the service has it',
    (_, operation) => {
      const { service, name, result, paging, input, forEach, cutShort } = operation;
      expect(name).toMatch(/^(Describe|Get|Search)[A-Z]/);
      expect(Reflect.get(sdks[service] ?? {}, `${name}Command`)).toBeInstanceOf(Function);
      expect(outputOf(service, name)).toEqual(expect.arrayContaining([result, ...(cutShort ? [cutShort] : [])]));
      const sent = [...Object.keys(input ?? {}), ...(forEach ? [forEach.field] : [])];
      if (sent.length > 0) expect(inputOf(service, name)).toEqual(expect.arrayContaining(sent));
      if (paging) {
        expect(inputOf(service, name)).toEqual(expect.arrayContaining([paging.send, paging.size]));
        expect(outputOf(service, name)).toContain(paging.receive);
      } else {
        expect(outputOf(service, name)).not.toContain('NextToken');
        expect(outputOf(service, name)).not.toContain('NextMarker');
      }
    },
  );

  test('is asked after the one that it depends on', () => {
    const independent = new Set(
      operations.filter(({ forEach, whenAny }) => !forEach && !whenAny).map(({ name }) => name),
    );
    const sources = operations.flatMap(({ forEach, whenAny }) => forEach?.of ?? whenAny?.of ?? []);
    expect(sources.filter((source) => !independent.has(source))).toEqual([]);
  });

  test('has a file name of its own', () => {
    const paths = all.map((operation) => {
      const parameters = operation.forEach ? { [operation.forEach.field]: 'x' } : {};
      return recordedDocument({ account: '1', region: 'r', operation: actionOf(operation), parameters, body: {} }).path;
    });
    expect(new Set(paths).size).toBe(paths.length);
  });
});

test('the published permissions are sorted, each once, and hold nothing that can hold a secret', () => {
  const permissions = awsPermissions();
  expect(permissions).toEqual([...new Set(permissions)].sort());
  expect(permissions).toEqual(
    expect.arrayContaining(['ec2:DescribeRegions', 'elasticloadbalancing:DescribeListeners']),
  );
  expect(permissions).not.toContain('ec2:GetConsoleOutput');
  expect(permissions).not.toContain('ec2:DescribeInstanceAttribute');
});
