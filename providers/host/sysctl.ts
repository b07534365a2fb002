import type { Bundle } from './bundle.js';
import { linesOf } from './lines.js';
import { partOf } from './reading.js';

/** What sysctl(8) printed. */
export interface Sysctls {
  /** A setting by its name with dots; undefined where it was not printed. Untrusted text. */
  get(name: string): string | undefined;
  /** A setting that is one whole number. */
  number(name: string): number | undefined;
  /**
   * How a device checks the source of IPv4 packets: 0 not, 1 strict, 2 loose. The larger of `all` and the device's own holds (kernel
   * documentation, ip-sysctl, rp_filter). Undefined where one of them was not printed.
   */
  reversePathFilter(device: string): number | undefined;
}

/** The settings of the kernel that a bundle holds, as `name = value` lines. */
export function sysctls(bundle: Bundle): Sysctls {
  const values = new Map<string, string>();
  for (const line of linesOf(partOf(bundle, 'sysctl'))) {
    const equals = line.indexOf('=');
    if (equals > 0) values.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  const number = (name: string) => {
    const value = values.get(name);
    return value !== undefined && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
  };
  return {
    get: (name) => values.get(name),
    number,
    reversePathFilter(device) {
      // sysctl writes a dot in the name of a device as a slash.
      const name = device.replaceAll('.', '/');
      const all = number('net.ipv4.conf.all.rp_filter');
      const own = number(`net.ipv4.conf.${name}.rp_filter`);
      return all === undefined || own === undefined ? undefined : Math.max(all, own);
    },
  };
}
