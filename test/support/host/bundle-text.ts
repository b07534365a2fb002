import type { Bundle, BundleRecord } from '../../../providers/host/bundle.js';

const ofHead = new Set(['uid', 'port', 'client']);

/** A bundle as the collector prints it. */
export function bundleText({ records, takenAt = 0 }: Bundle): string {
  const all = [...records.values()];
  const [head, body] = [true, false].map((wanted) => all.filter(({ key }) => ofHead.has(key) === wanted));
  return [
    'port22 host bundle 1',
    `taken ${Math.floor(takenAt / 1000)}`,
    ...(head ?? []).map(({ key, stdout }) => `${key} ${stdout.trim()}`),
    ...(body ?? []).map(recordText),
    '',
    'port22 end of bundle',
    '',
  ].join('\n');
}

function recordText({ key, command, outcome, status, stdout, stderr }: BundleRecord): string {
  const lines = (mark: string, text: string) =>
    text === ''
      ? []
      : text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => `${mark}${line}`);
  const end = outcome === 'ran' ? `< ran ${status ?? 0}` : `< ${outcome}`;
  return ['', `> ${key}`, `$ ${command}`, ...lines('|', stdout), ...lines('!', stderr), end].join('\n');
}
