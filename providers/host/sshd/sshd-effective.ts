import { parseAddress } from '../../../src/set/index.js';
import type { BundleRecord } from '../bundle.js';
import { linesOf } from '../lines.js';
import type { AddressFamily, Bind } from './listen-address.js';
import { type SshdFailure, sshdFailure } from './sshd-failure.js';

/** What `sshd -G` or `-T` printed. */
export type SshdEffective =
  | {
      readonly kind: 'effective';
      /** Of the `listenaddress` lines, which combine ports, addresses and the family. */
      readonly binds: readonly Bind[];
      readonly addressFamily?: AddressFamily;
      /** Every line by its keyword in lower case, in their order. Untrusted text. */
      readonly values: ReadonlyMap<string, readonly string[]>;
    }
  /** sshd would not start, or could not be asked: who may tell which is not this parser. */
  | { readonly kind: 'failed'; readonly failure: SshdFailure; readonly line: string }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * The settings that sshd says it has, or its complaint. A complaint of `-T` is not yet a cause: without root no host key can be read,
 * and the directory of privilege separation goes away with a service that is stopped (measured).
 */
export function parseSshdEffective(
  record: Pick<BundleRecord, 'outcome' | 'status' | 'stdout' | 'stderr'>,
): SshdEffective {
  if (record.outcome !== 'ran' && record.outcome !== 'cut')
    return { kind: 'unknown', why: `sshd -T: ${record.outcome}` };
  const values = new Map<string, string[]>();
  for (const line of linesOf(record.stdout)) {
    const [, keyword, value = ''] = /^([a-z0-9]+)(?: (.*))?$/.exec(line) ?? [];
    if (keyword === undefined) continue;
    const before = values.get(keyword);
    if (before) before.push(value);
    else values.set(keyword, [value]);
  }
  const listening = values.get('listenaddress');
  if (record.status === 0 && record.outcome === 'ran' && listening) return effective(values, listening);
  for (const line of [...linesOf(record.stderr), ...linesOf(record.stdout)]) {
    const failure = sshdFailure(line);
    if (failure) return { kind: 'failed', failure, line };
  }
  const complaint = linesOf(record.stderr)[0];
  return { kind: 'unknown', why: complaint || 'sshd told no address' };
}

function effective(values: ReadonlyMap<string, readonly string[]>, listening: readonly string[]): SshdEffective {
  const binds: Bind[] = [];
  for (const text of listening) {
    const bind = bindOf(text);
    if (bind === undefined) return { kind: 'unknown', why: `listenaddress ${text}` };
    binds.push(bind);
  }
  const family = values.get('addressfamily')?.[0];
  const addressFamily = family === 'inet' || family === 'inet6' || family === 'any' ? family : undefined;
  return { kind: 'effective', binds, values, ...(addressFamily && { addressFamily }) };
}

/** `[::]:22`, `10.22.2.2:22`, `[fe80::1%eth0]:22`, `10.22.2.2:22 rdomain vrf0`. */
function bindOf(text: string): Bind | undefined {
  const [, bracketed, bare, portText = '', rdomain] =
    /^(?:\[([^\]]{1,80})\]|([^\s:[\]]{1,80})):(\d{1,5})(?: rdomain (\S+))?\s*$/.exec(text) ?? [];
  const [host = '', link] = (bracketed ?? bare ?? '').split('%', 2);
  const address = parseAddress(host);
  const port = Number(portText);
  if (address === undefined || port < 1 || port > 65_535) return undefined;
  const device = rdomain ?? link;
  const isAny = address.family === 4 ? address.value === 0 : address.value === 0n;
  const bound = isAny ? (address.family === 4 ? 'any4' : 'any6') : address;
  return { address: bound, port, ...(device !== undefined && { device }) };
}
