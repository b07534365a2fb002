import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

/** What a stack does wrong; `nothing` in the good one. */
type Fault = 'nothing' | 'open-to-the-world' | 'no-way-in' | 'other-tag' | 'tag-not-known-yet';

const fault = new pulumi.Config().require<Fault>('fault');
const office = '203.0.113.0/24';

const network = new gcp.compute.Network('network', { autoCreateSubnetworks: false });
const front = new gcp.compute.Subnetwork('front', { network: network.id, ipCidrRange: '10.0.1.0/24' });

const ssh = { protocol: 'tcp', ports: ['22'] };

/** The machines that may be entered; nobody knows the number of a network before it is there. */
function target(): pulumi.Input<string> {
  if (fault === 'tag-not-known-yet') return pulumi.interpolate`bastion-${network.numericId}`;
  return fault === 'other-tag' ? 'jump-host' : 'bastion';
}
const isOpen = fault === 'open-to-the-world' || fault === 'tag-not-known-yet';
if (fault !== 'no-way-in') {
  new gcp.compute.Firewall('outside-to-bastion', {
    network: network.id,
    allows: [ssh],
    sourceRanges: [isOpen ? '0.0.0.0/0' : office],
    targetTags: [target()],
  });
}
new gcp.compute.Firewall('bastion-to-web', {
  network: network.id,
  allows: [ssh],
  sourceTags: ['bastion'],
  targetTags: ['web'],
});
new gcp.compute.Firewall('anybody-to-web', {
  network: network.id,
  allows: [{ protocol: 'tcp', ports: ['443'] }],
  sourceRanges: ['0.0.0.0/0'],
  targetTags: ['web'],
});

function server(name: string): gcp.compute.Instance {
  return new gcp.compute.Instance(name, {
    machineType: 'e2-micro',
    bootDisk: { initializeParams: { image: 'debian-cloud/debian-12' } },
    networkInterfaces: [{ subnetwork: front.id, accessConfigs: [{}] }],
    tags: [name],
  });
}
const bastion = server('bastion');
server('web');

export const address = bastion.networkInterfaces.apply(([first]) => first?.accessConfigs?.[0]?.natIp);
