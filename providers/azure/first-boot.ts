import type { FirstBootView } from '../../src/provider.js';
import { firstBootView } from '../host/first-boot/first-boot-view.js';
import type { Networks } from './network.js';
import type { AzureTarget } from './target-index.js';

/**
 * What a machine's custom data, or else its user data, make of it by the end of its first boot (cloud-init, DataSourceAzure: user data
 * count where no custom data was given). No API answers custom data, so user data that were recorded may not have been read.
 */
export function firstBootOf(networks: Networks, { machine, resource }: AzureTarget): FirstBootView | undefined {
  const { storageProfile, userData = '', osProfile } = machine;
  if (storageProfile?.osDisk?.osType?.toLowerCase() === 'windows') return undefined;
  const custom = osProfile?.customData ?? '';
  const text = custom === '' ? userData : custom;
  if (text === '') return undefined;
  const { publisher, offer, sku } = storageProfile?.imageReference ?? {};
  const named = [publisher, offer, sku].filter((name) => name !== undefined).join(' ');
  const at = custom === '' ? 'user data' : 'custom data';
  const given = [{ kind: 'cloud-init', at, text, encoding: 'base64' }] as const;
  const unless = 'the machine was made with custom data, which Azure shows to nobody: it would have been read instead';
  return firstBootView(
    { given, image: named === '' ? [] : [named], ...(custom === '' && { unless }) },
    resource,
    networks,
  );
}
