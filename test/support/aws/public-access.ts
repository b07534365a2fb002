import type { VpcBlockPublicAccessExclusion, VpcEncryptionControl } from '@aws-sdk/client-ec2';
import type { Printed } from './printed.js';
import { ACCOUNT, REGION } from './records.js';

interface ExclusionSpec {
  readonly of: string;
  readonly mode?: 'allow-bidirectional' | 'allow-egress';
  readonly state?: NonNullable<VpcBlockPublicAccessExclusion['State']>;
}

/** A Block Public Access exclusion of a subnet or a VPC: it lets both directions through and is in force unless said. */
export function exclusion({ of, mode, state }: ExclusionSpec) {
  const kind = of.startsWith('subnet-') ? 'subnet' : 'vpc';
  return {
    ExclusionId: `vpcbpa-exclude-${of}`,
    ResourceArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:${kind}/${of}`,
    InternetGatewayExclusionMode: mode ?? 'allow-bidirectional',
    State: state ?? 'create-complete',
    CreationTimestamp: '2026-01-05T08:00:00+00:00',
    LastUpdateTimestamp: '2026-01-05T08:00:00+00:00',
    Tags: [],
  } satisfies Printed<VpcBlockPublicAccessExclusion>;
}

/** Encryption enforced in vpc-1; without the exclusion an internet gateway could not be there. */
export function enforcedEncryption(internetGateway: 'enabled' | 'disabled') {
  return {
    VpcId: 'vpc-1',
    VpcEncryptionControlId: 'vpcec-1',
    Mode: 'enforce',
    State: 'available',
    ResourceExclusions: {
      InternetGateway: { State: internetGateway },
      EgressOnlyInternetGateway: { State: 'disabled' },
      NatGateway: { State: 'disabled' },
      VirtualPrivateGateway: { State: 'disabled' },
      VpcPeering: { State: 'disabled' },
    },
    Tags: [],
  } satisfies Printed<VpcEncryptionControl>;
}
