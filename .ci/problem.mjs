/** Says what, where, why and what to do on stderr, and ends the process with status 1. */
export function stopWith({ what, where, why, fix }) {
  process.stderr.write(`\n${what}\n  where  ${where}\n  why    ${why}\n  fix    ${fix}\n`);
  process.exit(1);
}
