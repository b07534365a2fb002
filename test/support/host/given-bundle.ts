import type { Bundle, BundleRecord } from '../../../providers/host/bundle.js';

/** What a command did: a text is what one printed that did well. */
export type Given = string | Partial<BundleRecord>;

/** The records of a bundle by their key. */
export type Records = Readonly<Record<string, Given>>;

/** When the bundles of the tests were taken. */
export const takenAt = Date.UTC(2025, 10, 22, 6, 0, 0);

/** A bundle of records. */
export function givenBundle(records: Records, at: number | undefined = takenAt): Bundle {
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
