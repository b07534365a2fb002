import type { Bundle, BundleRecord } from '../../../providers/host/bundle.js';

type Given = string | Partial<BundleRecord>;

/** When the bundles of the tests were taken. */
export const takenAt = Date.UTC(2025, 10, 22, 6, 0, 0);

/** A bundle of records: a text is what a command that did well printed. */
export function givenBundle(records: Readonly<Record<string, Given>>, at: number | undefined = takenAt): Bundle {
  return {
    records: new Map(
      Object.entries(records).map(([key, given]) => {
        const record = typeof given === 'string' ? { stdout: given } : given;
        return [key, { key, command: '', outcome: 'ran', status: 0, stdout: '', stderr: '', ...record }];
      }),
    ),
    ...(at === undefined ? {} : { takenAt: at }),
    whole: true,
  };
}
