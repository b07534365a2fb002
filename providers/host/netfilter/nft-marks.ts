import type { Key } from './nft-key.js';
import { asObject, isList, memberOf } from './nft-value.js';
import type { Condition, MarkChange } from './ruleset.js';

const everyBit = 0xffff_ffff;

function bitsOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= everyBit ? value : undefined;
}

function rangeOf(value: unknown): readonly [number, number] | undefined {
  const [name, body] = memberOf(value) ?? [];
  const ends = name === 'range' && isList(body) ? body.map(bitsOf) : [bitsOf(value), bitsOf(value)];
  const [first, last] = ends;
  return first === undefined || last === undefined || first > last ? undefined : [first, last];
}

/** The numbers that are less, greater, and so on than one. */
function beside(sign: string, value: number): readonly (readonly [number, number])[] | undefined {
  const from = sign === '>' ? value + 1 : sign === '>=' ? value : 0;
  const to = sign === '<' ? value - 1 : sign === '<=' ? value : everyBit;
  if (!['<', '<=', '>', '>='].includes(sign)) return undefined;
  return from <= to && to <= everyBit ? [[from, to]] : [];
}

/** The mark of a packet, or of its connection. */
export function markKey(of: 'packet' | 'connection'): Key {
  const test = (ranges: readonly (readonly [number, number])[], mask = everyBit): Condition => ({
    kind: 'mark',
    of,
    mask,
    ranges,
  });
  return {
    requires: [],
    isOne: (values) => {
      const ranges = values.map(rangeOf).filter((range) => range !== undefined);
      return ranges.length === values.length ? test(ranges) : undefined;
    },
    isMasked: (mask, value) => {
      const [bits, wanted] = [bitsOf(mask), rangeOf(value)];
      return bits === undefined || !wanted ? undefined : test([wanted], bits);
    },
    beside: (sign, value) => {
      const number = bitsOf(value);
      const ranges = number === undefined ? undefined : beside(sign, number);
      return ranges && test(ranges);
    },
  };
}

type Formula = NonNullable<MarkChange['to']>;

/** Nothing that nft prints is nested deeper. */
const deepest = 12;

/**
 * What `meta mark set` and `ct mark set` write: marks and constants, joined by and, or, exclusive or. Undefined for everything else,
 * where nobody knows what is written.
 */
export function markFormula(value: unknown, depth = 0): Formula | undefined {
  const constant = bitsOf(value);
  if (constant !== undefined) return { packet: 0, connection: 0, flip: constant };
  const [name, body] = memberOf(value) ?? [];
  if (name === 'meta' && asObject(body).key === 'mark') return { packet: everyBit, connection: 0, flip: 0 };
  if (name === 'ct' && asObject(body).key === 'mark') return { packet: 0, connection: everyBit, flip: 0 };
  if (!isList(body) || depth > deepest) return undefined;
  let sum = markFormula(body[0], depth + 1);
  for (const part of body.slice(1)) {
    const number = bitsOf(part);
    if (number === undefined || !sum) return undefined;
    sum = joined(name, sum, number);
  }
  return sum;
}

function joined(sign: string | undefined, { packet, connection, flip }: Formula, number: number): Formula | undefined {
  const under = (mask: number) => ({ packet: (packet & mask) >>> 0, connection: (connection & mask) >>> 0 });
  switch (sign) {
    case '&':
      return { ...under(number), flip: (flip & number) >>> 0 };
    case '|':
      return { ...under(~number), flip: (flip | number) >>> 0 };
    case '^':
      return { packet, connection, flip: (flip ^ number) >>> 0 };
    default:
      return undefined;
  }
}
