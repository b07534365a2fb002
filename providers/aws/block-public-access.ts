import { type Gap, type Layer, passFilter, type RuleFilter, stopFilter, unknownFilter } from '../../src/model/index.js';
import type { Placed, Scope } from './inventory.js';
import { type Network, resource } from './network.js';
import type { PublicAccessExclusion, Subnet, Vpc } from './records/records.js';
import { exclusionMode, exclusionState, type Held, held, publicAccessState, wordIn } from './words.js';

const inTransition = (what: string, detail: string): Gap => ({
  code: 'aws/bpa-transition',
  kind: 'not-modelled',
  what,
  detail,
});

/** Whether an exclusion is in force and lets traffic in. One that changes from the one to the other does not say. */
function letsIn(
  network: Network,
  exclusion: Placed<PublicAccessExclusion>,
): { readonly inForce: Held; readonly both: Held } {
  const { ExclusionId: id, State: state, InternetGatewayExclusionMode: mode, broken } = exclusion;
  if (broken !== undefined) {
    const gap = network.inventory.dangling('publicAccessExclusions', exclusion, `a readable record of ${id}`);
    return { inForce: gap, both: gap };
  }
  return {
    inForce: held(exclusionState, state, 'aws/bpa-transition', `the exclusion ${id}`, id),
    both: held(exclusionMode, mode, 'aws/ev-bpa', `the mode of the exclusion ${id}`, id),
  };
}

/** Whether an exclusion lets traffic in both ways: the subnet's own, else that of its VPC. `unlisted`: some may be in no answer. */
function exemption(
  network: Network,
  subnet: Placed<Subnet> | undefined,
  subnetId: string,
  vpcId: string,
  unlisted: Gap | undefined,
): Held {
  const sure = { subnet: new Set<Held>(), vpc: new Set<Held>() };
  let doubt: Gap | undefined;
  for (const exclusion of network.inventory.all('publicAccessExclusions').values()) {
    const { ResourceArn: arn } = exclusion;
    const own = arn === undefined || arn === subnet?.SubnetArn || arn.endsWith(`/${subnetId}`);
    if (!own && !arn.endsWith(`/${vpcId}`)) continue;
    const { inForce, both } = letsIn(network, exclusion);
    if (inForce === 'no') continue;
    if (inForce === 'yes' && typeof both === 'string') sure[own ? 'subnet' : 'vpc'].add(both);
    else doubt ??= [inForce, both].find((answer) => typeof answer === 'object');
  }
  if (sure.subnet.has('yes')) return 'yes';
  if (sure.vpc.has('yes')) {
    if (doubt) return doubt;
    if (!sure.subnet.has('no')) return 'yes';
    return inTransition(
      subnetId,
      `the exclusions of ${subnetId} and ${vpcId} differ, and which one counts is not documented`,
    );
  }
  return doubt ?? unlisted ?? 'no';
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
      const exempt = exemption(
        network,
        subnet,
        subnetId,
        vpcId,
        network.inventory.hole('publicAccessExclusions', owner),
      );
      if (exempt === 'yes') return passFilter;
      return exempt === 'no' ? stop(seen) : unknownFilter(exempt);
    }
    const gap = network.gap('publicAccessOptions', owner);
    return gap ? unknownFilter(gap) : passFilter;
  }
  const { State: state, InternetGatewayBlockMode: mode } = options;
  const settled = held(publicAccessState, wordIn(options, state, 'update-complete'), 'aws/bpa-transition', vpcId);
  if (state === 'update-in-progress') return unknownFilter(inTransition(vpcId, 'Block Public Access is being changed'));
  if (typeof settled === 'object') return unknownFilter(settled);
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
  const exempt = exemption(network, subnet, subnetId, vpcId, network.gap('publicAccessExclusions', owner));
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
