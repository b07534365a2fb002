import type { Sign } from '../../../src/model/index.js';
import type { Bundle } from '../bundle.js';
import { linesOf } from '../lines.js';
import { libwrapLinked } from './libwrap.js';

/** That TCP wrappers keep nobody out, where sshd is not linked with them (ldd). */
export function wrapperSigns(bundle: Bundle): Sign[] {
  if (libwrapLinked(bundle).linked !== 'no') return [];
  const line = linesOf(bundle.records.get('libwrap')?.stdout ?? '').find((one) => one !== '') ?? '';
  return (['host/tcp-wrappers', 'host/tcp-wrappers-text'] as const).map((code) => ({
    code,
    says: 'excludes' as const,
    at: 'libwrap',
    line,
  }));
}
