import { flag, list, may, number, object, possible, type Read, sharedText, text } from '../../../src/record/index.js';
import { parsePrefix } from '../../../src/set/index.js';

/** A number, or the decimal text of one: both are met, in REST answers and in what people write by hand. */
export const looseNumber: Read<number> = (value, reading) =>
  number(typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value, reading);

/** A protocol by its name or its number, in lower case. */
export const protocol: Read<string> = (value, reading) => {
  const own = text(typeof value === 'number' ? String(value) : value, reading);
  return own?.toLowerCase();
};

export const texts = list(sharedText);

/** Addresses and prefixes; an address alone stands for itself. */
export const prefixes = list(possible(sharedText, 'a CIDR block', (value) => parsePrefix(value) !== undefined));

/** `22` or `20-25`, both ends included. */
const ports = list(possible(text, 'a port or a range of ports', (value) => portsOf(value) !== undefined));

export const layer4 = list(object({ IPProtocol: may(protocol), ipProtocol: may(protocol), ports: may(ports) }));

export const optionalFlag = may(flag);

/** The first and the last port of `22` or `20-25`. */
export function portsOf(range: string): readonly [first: number, last: number] | undefined {
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range) ?? [];
  const [low, high] = [Number(first), Number(last ?? first)];
  return first !== undefined && low <= high && high <= 65535 ? [low, high] : undefined;
}
