import { appendFileSync } from 'node:fs';

/** The variable that names the file into which `npm run bench` wants the counts of calls. */
const REPORT_INTO = 'PORT22_REPORT_CALLS';

/** Tells the bench how many calls a fetch made for a few machines and for many; nothing where no bench runs. */
export function reportCalls(what: string, counts: { readonly few: number; readonly many: number }): void {
  const file = process.env[REPORT_INTO];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ what, ...counts })}\n`);
}
