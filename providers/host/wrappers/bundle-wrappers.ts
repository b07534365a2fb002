import type { Address } from '../../../src/set/index.js';
import type { Bundle } from '../bundle.js';
import { parseTcpWrappers, type WrapperFiles, type WrapperRule } from './tcp-wrappers.js';

/** The rules of TCP wrappers in a bundle. A file that does not exist has none; one that could not be read may have any. */
export function tcpWrappersOf(bundle: Bundle, server?: Address): readonly WrapperRule[] {
  const fileText = (path: string): WrapperFiles['allow'] => {
    const record = bundle.records.get(`file ${path}`);
    if (record === undefined) return { missing: `${path} is not in the evidence` };
    if (record.outcome === 'absent') return '';
    if (record.outcome !== 'ran' || record.status !== 0)
      return { missing: `${path} could not be read: ${record.outcome}` };
    return record.stdout;
  };
  const patterns = (path: string) => {
    const text = fileText(path);
    return typeof text === 'string' ? text : undefined;
  };
  const files = { allow: fileText('/etc/hosts.allow'), deny: fileText('/etc/hosts.deny'), patterns };
  return parseTcpWrappers(server ? { ...files, server } : files);
}
