import { unknown } from '../../../src/model/index.js';
import { type Address, AddressSet } from '../../../src/set/index.js';
import type { Bundle } from '../bundle.js';
import { parseTcpWrappers, type WrapperFiles, type WrapperRule, wrapperGap } from './tcp-wrappers.js';

const denyFile = '/etc/hosts.deny';

/** Whether hosts.deny ends in a newline, by its last byte; undefined where that was not recorded. */
function endsFinished(bundle: Bundle, text: string): boolean | undefined {
  if (text === '') return true;
  const record = bundle.records.get(`end ${denyFile}`);
  return record?.outcome === 'ran' && record.status === 0 ? record.stdout.replace(/\n$/, '') === '' : undefined;
}

/** Its last line may deny everybody. */
function perhapsEverybody(): WrapperRule {
  const why = 'whether its last line ends in a newline is not known, and one that does not denies everybody';
  const clients = unknown(AddressSet.all, wrapperGap(denyFile, why));
  return { file: denyFile, line: 0, text: '', clients, action: 'deny' };
}

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
  const deny = fileText(denyFile);
  const isFinished = typeof deny === 'string' ? endsFinished(bundle, deny) : true;
  const rules = parseTcpWrappers({
    allow: fileText('/etc/hosts.allow'),
    deny,
    patterns,
    ...(server && { server }),
    ...(isFinished === false && { denyEndsUnfinished: true }),
  });
  return isFinished === undefined ? [...rules, perhapsEverybody()] : rules;
}
