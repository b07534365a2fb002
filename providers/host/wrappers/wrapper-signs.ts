import type { Sign } from '../../../src/model/index.js';
import type { Bundle } from '../bundle.js';
import { linesOf } from '../lines.js';
import { tcpWrappersOf } from './bundle-wrappers.js';
import { libwrapLinked } from './libwrap.js';
import { asksForName } from './wrapper-host.js';

/** That TCP wrappers keep nobody out, where sshd is not linked with them (ldd); else that they ask a name server who a client is. */
export function wrapperSigns(bundle: Bundle): Sign[] {
  const { linked } = libwrapLinked(bundle);
  if (linked === 'yes') return nameSigns(bundle);
  if (linked !== 'no') return [];
  const line = linesOf(bundle.records.get('libwrap')?.stdout ?? '').find((one) => one !== '') ?? '';
  return (['host/tcp-wrappers', 'host/tcp-wrappers-text'] as const).map((code) => ({
    code,
    says: 'excludes' as const,
    at: 'libwrap',
    line,
  }));
}

function nameSigns(bundle: Bundle): Sign[] {
  const asking = tcpWrappersOf(bundle).find(({ clients }) => !clients.known && asksForName(clients.gap.detail));
  if (!asking) return [];
  return [{ code: 'host/slow-resolver', says: 'suggests', at: `file ${asking.file}`, line: asking.text }];
}
