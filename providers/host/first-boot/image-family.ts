import type { ImageFamily } from './stock-image.js';

/** Images whose first boot is not that of a distribution with cloud-init. */
type Foreign = 'other';

/**
 * Names of images, of their publishers and of their licences, as the clouds write them: `ubuntu/images/hvm-ssd/ubuntu-jammy-22.04`,
 * `licenses/ubuntu-2404-lts`, `0001-com-ubuntu-server-jammy`, `Red Hat Enterprise Linux`. The first that fits decides.
 */
const names: readonly (readonly [pattern: RegExp, family: ImageFamily | Foreign])[] = [
  [/windows|\bcos-|bottlerocket|flatcar|coreos|talos|opensuse|\bsles\b|suse/i, 'other'],
  // Ubuntu's ssh.socket listens from 22.10 on; before that sshd itself does, as on Debian.
  [/ubuntu.*(trusty|xenial|bionic|focal|jammy|\b(14|16|18|20|22)[._-]?04)/i, 'debian'],
  [/ubuntu.*(kinetic|lunar|mantic|noble|oracular|plucky|questing|\b22[._-]?10|\b2[3-9][._-]?(04|10))/i, 'ubuntu'],
  [/\bdebian\b/i, 'debian'],
  [/\brhel\b|red ?hat|rocky|alma ?linux|centos|fedora/i, 'rhel'],
  [/^al2023|amazon linux 2023/i, 'amazon2023'],
  [/amzn2|amazon linux 2\b/i, 'amazon'],
  [/\balpine\b/i, 'alpine'],
];

/** Whose image it is, by its names; `unknown` where they tell nothing, or not the release that would decide. */
export function imageFamilyOf(image: readonly string[]): ImageFamily | Foreign | 'unknown' {
  for (const [pattern, family] of names) if (image.some((name) => pattern.test(name))) return family;
  return 'unknown';
}
