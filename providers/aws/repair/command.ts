import { argument } from '../../../src/record/index.js';

export { argument, isIpv6, prefixesToAllow, quoted } from '../../../src/record/index.js';

/** A command of the AWS CLI: words, and options with their values in the given order. */
export function awsCommand(
  region: string | undefined,
  words: string,
  options: Readonly<Record<string, string | true>>,
): string {
  const parts = Object.entries(options).map(([name, value]) =>
    value === true ? `--${name}` : `--${name} ${argument(value)}`,
  );
  const where = region === undefined ? [] : [`--region ${argument(region)}`];
  return ['aws', words, ...where, ...parts].join(' ');
}
