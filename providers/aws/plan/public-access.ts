import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { untold } from '../../../src/record/index.js';
import type { Projection } from './project.js';

/** Whether two resources are in one region: by what they say themselves (pulumi-aws 7), else by their provider. */
function inOneRegion(projection: Projection, a: PlanRecord, b: PlanRecord): boolean | typeof untold {
  const [one, other] = [a, b].map((record) => projection.leaves.text(projection.value(record, 'region')));
  if (typeof one === 'string' && typeof other === 'string') return one === other;
  return one === other && one !== untold && a.provider === b.provider ? true : untold;
}

/** The control is one of a region (VPC guide, Block Public Access): networks elsewhere are as if it did not count. */
function exemptElsewhere(projection: Projection, options: PlanRecord): void {
  const { unseenControls } = projection.assumptions;
  for (const vpc of projection.all('Vpc', 'DefaultVpc', 'native Vpc')) {
    const isHere = inOneRegion(projection, options, vpc);
    if (isHere === true) continue;
    const VpcId = projection.id(vpc, 'vpc');
    projection.answer('VpcBlockPublicAccessExclusions', {
      ExclusionId: `elsewhere ${VpcId}`,
      ResourceArn: `arn:aws:ec2:::vpc/${VpcId}`,
      InternetGatewayExclusionMode: 'allow-bidirectional',
      State: isHere === false && unseenControls === 'assume-none' ? 'create-complete' : untold,
    });
  }
}

/** Block Public Access of the account, and what is excepted from it. */
export function projectPublicAccess(projection: Projection): void {
  for (const options of projection.all('VpcBlockPublicAccessOptions', 'native VpcBlockPublicAccessOptions')) {
    const mode = projection.leaves.text(projection.value(options, 'internetGatewayBlockMode'));
    projection.answer('VpcBlockPublicAccessOptions', {
      InternetGatewayBlockMode: mode ?? untold,
      State: 'update-complete',
    });
    exemptElsewhere(projection, options);
  }
  for (const exclusion of projection.all('VpcBlockPublicAccessExclusion', 'native VpcBlockPublicAccessExclusion')) {
    const place = projection.ref(exclusion, 'subnetId', 'vpcId');
    projection.answer('VpcBlockPublicAccessExclusions', {
      ExclusionId: exclusion.urn,
      ResourceArn: typeof place === 'string' ? `arn:aws:ec2:::x/${place}` : untold,
      InternetGatewayExclusionMode: projection.leaves.text(projection.value(exclusion, 'internetGatewayExclusionMode')),
      State: 'create-complete',
    });
  }
}
