import { createHash } from 'node:crypto';

export function digest(text) {
  return createHash('sha256').update(text).digest('hex');
}

/** An id in the form of AWS: a prefix and 17 digits. */
export function awsId(prefix, seed) {
  return `${prefix}-0${digest(`${prefix} ${seed}`).slice(0, 16)}`;
}

/** An address of a prefix, past those that clouds keep for themselves: the fifth to one before the last. `''` if the prefix is no text. */
export function addressIn(prefix, seed) {
  if (typeof prefix !== 'string') return '';
  const [network, length] = prefix.split('/');
  const base = network.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const free = 2 ** (32 - Number(length)) - 5;
  const address = base + 4 + (Number.parseInt(digest(seed).slice(0, 8), 16) % free);
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
