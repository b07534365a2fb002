import type { FirstBootView } from '../../src/provider.js';
import { firstBootView } from '../host/first-boot/first-boot-view.js';
import type { GivenText } from '../host/first-boot/user-data.js';
import type { Networks } from './network.js';
import type { GcpTarget } from './target-index.js';

/** Images of Google without cloud-init: the guest agent runs startup scripts there, and nobody reads user data. */
const withoutCloudInit = /(?:^|\/)(debian|rhel|rocky|centos|almalinux)-/;

/**
 * What the instance's metadata make of it by the end of its first boot: user data by cloud-init, then the startup script by the guest
 * agent (Compute Engine guide, "Use startup scripts on Linux VMs"). Undefined where it has neither, or none is known.
 */
export function firstBootOf(networks: Networks, { instance, resource }: GcpTarget): FirstBootView | undefined {
  const items = new Map((instance.metadata?.items ?? []).map(({ key, value = '' }) => [key, value]));
  const given = (kind: GivenText['kind'], at: string, encoding: GivenText['encoding']): GivenText[] => {
    const text = items.get(at) ?? '';
    return text === '' ? [] : [{ kind, at, text, encoding }];
  };
  const wrapped = items.get('user-data-encoding') === 'base64' ? 'base64' : 'text';
  const all = [
    ...given('cloud-init', 'user-data', wrapped),
    ...given('fetched', 'startup-script-url', 'text'),
    ...given('script', 'startup-script', 'text'),
  ];
  if (all.length === 0) return undefined;
  const image = (instance.disks ?? []).flatMap(({ boot, licenses }) => (boot === false ? [] : (licenses ?? [])));
  const isUnread = image.some((licence) => withoutCloudInit.test(licence));
  const perhapsUnread = 'images of this distribution come without cloud-init, which would read it';
  return firstBootView({ given: all, image, ...(isUnread && { perhapsUnread }) }, resource, networks);
}
