import { AddressSet, PortSet, parseAddress, parsePrefix } from '../../../src/set/index.js';

const services: Readonly<Record<string, number>> = { ssh: 22, http: 80, https: 443, domain: 53, smtp: 25, ftp: 21 };

/** The addresses of `a`, `a/length` or `a/mask`, as packet filters read them: bits of the host are left out. Undefined for all else. */
export function addressesOf(text: string): AddressSet | undefined {
  const [address = '', suffix = ''] = text.split('/');
  const length = suffix.includes('.') ? lengthOf(suffix) : undefined;
  const prefix = parsePrefix(length === undefined ? text : `${address}/${length}`);
  return prefix && AddressSet.fromPrefixes([prefix]);
}

function lengthOf(mask: string): number | undefined {
  const parsed = parseAddress(mask);
  if (parsed?.family !== 4) return undefined;
  const bits = parsed.value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

/** The ports of `22`, `22,80`, `6000:6007`, `6000-6007` or `ssh`. Undefined for all else. */
export function portsOf(text: string): PortSet | undefined {
  let all = PortSet.empty;
  for (const item of text.split(',')) {
    const [, first, last = first] = /^\s*(\d{1,5})(?:[:-](\d{1,5}))?\s*$/.exec(item) ?? [];
    const name = services[item.trim().toLowerCase()];
    const [low, high] = name === undefined ? [Number(first), Number(last)] : [name, name];
    if (!(low <= high && high <= 65_535)) return undefined;
    all = all.union(PortSet.range(low, high));
  }
  return all.isEmpty ? undefined : all;
}
