import type { FirstBootView } from '../../src/provider.js';
import { firstBootView } from '../host/first-boot/first-boot-view.js';
import type { Network } from './network.js';
import type { AwsTarget } from './target-index.js';

/** What the instance's user data makes of it by the end of its first boot; undefined where it has none, or none is known. */
export function firstBootOf(network: Network, { instance, resource }: AwsTarget): FirstBootView | undefined {
  const { inventory } = network;
  const [answer] = inventory.ofSubject('userData', instance.InstanceId) ?? [];
  const text = answer?.Value;
  if (text === undefined || text === '') return undefined;
  const names = [
    inventory.get('images', instance.ImageId)?.Name,
    inventory.get('managedInstances', instance.InstanceId)?.PlatformName,
    instance.PlatformDetails,
    instance.Platform,
  ];
  const image = names.filter((name) => name !== undefined);
  // A program's own text is not wrapped yet; what the API answers is (base64).
  const given = [{ kind: 'cloud-init', at: 'user data', text, encoding: 'unknown' }] as const;
  return firstBootView({ given, image }, resource, network);
}
