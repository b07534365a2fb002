import { parseAddress, parsePrefix } from '../set/index.js';
import { number, possible, type Read, text } from './shape.js';

/** The values that networks are written in, so that an impossible one is told where it stands and counts as not there. */
export const ipAddress = possible(text, 'an IP address', (value) => parseAddress(value) !== undefined);

export const cidr = possible(text, 'a CIDR block', (value) => parsePrefix(value) !== undefined);

export function wholeNumber(first: number, last: number): Read<number> {
  const wanted = `a whole number from ${first} to ${last}`;
  return possible(number, wanted, (value) => Number.isInteger(value) && value >= first && value <= last);
}

export const port = wholeNumber(0, 65535);
