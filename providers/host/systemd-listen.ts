import { parseAddress } from '../../src/set/index.js';
import type { Bound } from './sockets/listener.js';
import { unmapped } from './source.js';

/** What a socket of systemd is bound to. */
export interface Bind {
  readonly address: Bound;
  /** For `any6`: whether it leaves IPv4 alone, where that is told. */
  readonly v6only?: boolean;
  readonly port: number;
  readonly device?: string;
}

/**
 * A value of `Listen` in `systemctl show`: `[::]:22 (Stream)`, `10.22.2.2:22 (Stream)`. What is no TCP socket gives nothing. `[::]`
 * is that of `ListenStream=22`: whether it takes IPv4 as well hangs on BindIPv6Only= and net.ipv6.bindv6only (systemd.socket(5)).
 */
export function parseListen(value: string): readonly Bind[] {
  const [, bracketed, bare, portText = '', zone] =
    /^(?:\[([^\]]{1,80})\]|([0-9.]{1,15})|\*)?:?(\d{1,5})(?:%(\S+))?(?: \(Stream\))?$/.exec(value.trim()) ?? [];
  const port = Number(portText);
  if (portText === '' || port < 1 || port > 65_535) return [];
  const [host = '', link] = (bracketed ?? bare ?? '::').split('%', 2);
  const parsed = parseAddress(host);
  if (parsed === undefined) return [];
  const device = zone ?? link;
  const address = unmapped(parsed);
  const isAny = address.family === 4 ? address.value === 0 : address.value === 0n;
  const bound = isAny ? (address.family === 4 ? 'any4' : 'any6') : address;
  return [{ address: bound, port, ...(device !== undefined && { device }) }];
}
