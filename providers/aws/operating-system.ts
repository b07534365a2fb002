import type { Network } from './network.js';
import type { Instance } from './records/records.js';

export function isWindows(instance: Instance): boolean {
  return /windows/i.test(instance.PlatformDetails ?? instance.Platform ?? '');
}

/** Names of Amazon Linux images with amazon-ec2-net-utils; the minimal ones come without. */
const amazonLinuxImage = /^(al2023-ami-2023|amzn2-ami-(hvm|kernel)|amzn-ami-hvm)/;

/**
 * Whether the system is known to configure further interfaces and addresses by itself, with routes by source: Amazon Linux
 * does, as its image or its Systems Manager agent tells (EC2 guide, secondary interfaces).
 */
export function configuresAddresses(network: Network, instance: Instance): boolean {
  const image = network.inventory.get('images', instance.ImageId)?.Name ?? '';
  const platform = network.inventory.get('managedInstances', instance.InstanceId)?.PlatformName ?? '';
  return amazonLinuxImage.test(image) || /^amazon linux/i.test(platform);
}
