import { type Gap, type Layer, passFilter, type RuleFilter, stopFilter, unknownFilter } from '../../src/model/index.js';
import type { Placed, Scope } from './inventory.js';
import { type Network, resource } from './network.js';
import type { Subnet, Vpc } from './records.js';

const inTransition = (what: string, detail: string): Gap => ({
  code: 'aws/bpa-transition',
  kind: 'not-modelled',
  what,
  detail,
});

type Exempt = 'yes' | 'no' | Gap;

/** Whether an exclusion lets traffic in both ways: the subnet's own, else that of its VPC. */
function exemption(
  network: Network,
  subnet: Placed<Subnet> | undefined,
  subnetId: string,
  vpcId: string,
  scope: Scope,
): Exempt {
  const modes = { subnet: new Set<string>(), vpc: new Set<string>() };
  let transition: Gap | undefined;
  for (const exclusion of network.inventory.all('publicAccessExclusions').values()) {
    const arn = exclusion.ResourceArn ?? '';
    const level =
      arn === subnet?.SubnetArn || arn.endsWith(`/${subnetId}`)
        ? 'subnet'
        : arn.endsWith(`/${vpcId}`)
          ? 'vpc'
          : undefined;
    if (!level) continue;
    const { State: state = '', InternetGatewayExclusionMode: mode = '', ExclusionId: id } = exclusion;
    if (state === 'create-complete' || state === 'update-complete') modes[level].add(mode);
    else if (/^(create|update)-in-progress$/.test(state))
      transition = inTransition(id, `the exclusion ${id} is ${state}`);
  }
  if (modes.subnet.has('allow-bidirectional')) return 'yes';
  if (modes.vpc.has('allow-bidirectional')) {
    if (!modes.subnet.has('allow-egress')) return 'yes';
    return inTransition(
      subnetId,
      `the exclusions of ${subnetId} and ${vpcId} differ, and which one counts is not documented`,
    );
  }
  return transition ?? network.gap('publicAccessExclusions', scope) ?? 'no';
}

function optionsFor(network: Network, scope: Scope) {
  for (const options of network.inventory.all('publicAccessOptions').values()) {
    const account = options.AwsAccountId ?? options.account;
    const region = options.AwsRegion ?? options.region;
    const sameAccount = account === undefined || scope.account === undefined || account === scope.account;
    const sameRegion = region === undefined || scope.region === undefined || region === scope.region;
    if (sameAccount && sameRegion) return options;
  }
  return undefined;
}

/**
 * VPC Block Public Access: regional, set by the account that owns the VPC, both modes stop what comes in from the internet
 * (VPC guide, "VPC BPA basics"). The subnet's own state is used where the owner's options cannot be read.
 */
function publicAccessFilter(
  network: Network,
  subnet: Placed<Subnet> | undefined,
  subnetId: string,
  vpc: Placed<Vpc> | undefined,
  vpcId: string,
  scope: Scope,
): RuleFilter {
  const owner = { account: vpc?.OwnerId ?? subnet?.OwnerId ?? scope.account, region: scope.region };
  const options = optionsFor(network, owner);
  const seen = subnet?.BlockPublicAccessStates?.InternetGatewayBlockMode;
  const stop = (mode: string) =>
    stopFilter({
      code: 'aws/bpa-block',
      data: { mode, vpc: vpcId, subnet: subnetId, owner: owner.account ?? '', managedBy: options?.ManagedBy ?? '' },
    });
  if (!options) {
    if (seen === 'off') return passFilter;
    if (seen !== undefined) {
      const exempt = exemption(network, subnet, subnetId, vpcId, owner);
      return exempt === 'yes' ? passFilter : stop(seen);
    }
    const gap = network.gap('publicAccessOptions', owner);
    return gap ? unknownFilter(gap) : passFilter;
  }
  const { State: state, InternetGatewayBlockMode: mode } = options;
  if (state === 'update-in-progress') return unknownFilter(inTransition(vpcId, 'Block Public Access is being changed'));
  if (mode === 'off') {
    if (seen === undefined || seen === 'off') return passFilter;
    return unknownFilter(
      inTransition(subnetId, `Block Public Access is off for the account, but ${subnetId} says ${seen}`),
    );
  }
  if (mode !== 'block-bidirectional' && mode !== 'block-ingress') {
    return unknownFilter({
      ...inTransition(vpcId, `Block Public Access is in a mode that is not known: ${mode}`),
      code: 'aws/ev-bpa',
    });
  }
  const exempt = exemption(network, subnet, subnetId, vpcId, owner);
  if (exempt === 'yes') return passFilter;
  return exempt === 'no' ? stop(mode) : unknownFilter(exempt);
}

export function publicAccessLayer(network: Network, subnetId: string, vpcId: string, scope: Scope): Layer {
  const subnet = network.inventory.get('subnets', subnetId);
  const vpc = network.inventory.get('vpcs', vpcId);
  const inbound = network.once(`public access ${subnetId} ${vpcId}`, () =>
    publicAccessFilter(network, subnet, subnetId, vpc, vpcId, scope),
  );
  return { kind: 'block-public-access', subject: resource('vpc', vpcId), inbound };
}
