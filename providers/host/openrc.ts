import type { Bundle } from './bundle.js';

/** What OpenRC says of sshd. */
export interface OpenrcService {
  /** `none`: there is no such service. */
  readonly state: 'started' | 'stopped' | 'starting' | 'stopping' | 'inactive' | 'crashed' | 'none';
  /** Whether it starts with the default runlevel, where that is told. */
  readonly enabled?: boolean;
  /** The line that says so. Untrusted text. */
  readonly line: string;
}

/** `rc-service sshd status` and `rc-update show default`; undefined where OpenRC is absent or did not tell. */
export function openrcService(bundle: Bundle): OpenrcService | undefined {
  const record = bundle.records.get('openrc');
  if (record?.outcome !== 'ran') return undefined;
  const text = `${record.stdout}\n${record.stderr}`;
  const enabled = enabledIn(bundle);
  const status = /^.{0,20}status: (started|stopped|starting|stopping|inactive|crashed)\b.*$/m.exec(text);
  if (status) {
    const state = stateOf(status[1]);
    return state && { state, line: status[0], ...(enabled !== undefined && { enabled }) };
  }
  const missing = /^.{0,40}service [`'"]?sshd['"]? does not exist.*$/m.exec(text);
  return missing ? { state: 'none', line: missing[0], ...(enabled !== undefined && { enabled }) } : undefined;
}

function stateOf(word: string | undefined): OpenrcService['state'] | undefined {
  const states = ['started', 'stopped', 'starting', 'stopping', 'inactive', 'crashed'] as const;
  return states.find((state) => state === word);
}

function enabledIn(bundle: Bundle): boolean | undefined {
  const record = bundle.records.get('openrc-default');
  if (record?.outcome !== 'ran' || record.status !== 0) return undefined;
  return /^\s*sshd\s*\|/m.test(record.stdout);
}
