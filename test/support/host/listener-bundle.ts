import type { Bundle, BundleRecord } from '../../../providers/host/bundle.js';

type Given = string | Partial<BundleRecord>;

/** A bundle of records by their keys: a text is what a command that ended well printed. */
export function bundleWith(records: Readonly<Record<string, Given>>): Bundle {
  const made = Object.entries(records).map(([key, given]): [string, BundleRecord] => {
    const record = typeof given === 'string' ? { stdout: given } : given;
    return [key, { key, command: '', outcome: 'ran', status: 0, stdout: '', stderr: '', ...record }];
  });
  return { records: new Map(made), whole: true };
}
