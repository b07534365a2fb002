import { allOf, tracked } from './conditions.js';
import { isBang, type Word } from './iptables-words.js';
import type { Condition, Statement } from './ruleset.js';

const everyBit = 0xffff_ffff;
const numberText = /^(?:0x[0-9a-f]{1,8}|0|[1-9][0-9]{0,9})$/i;

/** `0x8000/0x8000`, `7`: a number of 32 bits and its mask, every bit where none is written. */
function masked(text: string): { readonly value: number; readonly mask: number } | undefined {
  const [value = '', mask = `${everyBit}`, more] = text.split('/');
  if (more !== undefined || !numberText.test(value) || !numberText.test(mask)) return undefined;
  return Math.max(Number(value), Number(mask)) > everyBit ? undefined : { value: Number(value), mask: Number(mask) };
}

/** `--mark VALUE/MASK` of the matches mark and connmark. */
export function markTest(of: 'packet' | 'connection', text: string): readonly Condition[] | undefined {
  const read = masked(text);
  return read && [{ kind: 'mark', of, mask: read.mask, ranges: [[read.value, read.value]] }];
}

/** The match connmark: neither it nor its negation holds of a packet without a connection (connmark_mt of Linux). */
export function connectionMark(words: readonly Word[]): readonly Condition[] | undefined {
  const plain = words.filter((word) => !isBang(word)).map(({ text }) => text);
  const test = plain[0] === '--mark' && plain.length === 2 ? markTest('connection', plain[1] ?? '') : undefined;
  return test && [tracked, ...allOf(test, words.some(isBang))];
}

/** What `-j MARK` and `-j CONNMARK` write, by the value of an option (xt_mark and xt_connmark of Linux). */
export function markStatement(
  target: 'MARK' | 'CONNMARK',
  value: (option: string) => string | undefined,
  has: (option: string) => boolean,
): Statement {
  const of = target === 'MARK' || has('--restore-mark') ? 'packet' : 'connection';
  const unclear: Statement = { kind: 'mark', of };
  const bits = (option: string) => masked(value(option) ?? `${everyBit}`)?.value;
  const [inPacket, inConnection] = [bits('--nfmask'), bits('--ctmask')];
  const without = (mask: number) => (everyBit & ~mask) >>> 0;
  const isShifted = has('--left-shift-mark') || has('--right-shift-mark');
  if (has('--save-mark') || has('--restore-mark')) {
    const both = masked(value('--mask') ?? `${everyBit}`)?.value;
    if (isShifted || inPacket === undefined || inConnection === undefined || both === undefined) return unclear;
    const [nf, ct] = has('--mask') ? [both, both] : [inPacket, inConnection];
    const to = has('--save-mark')
      ? { packet: nf, connection: without(ct), flip: 0 }
      : { packet: without(nf), connection: ct, flip: 0 };
    return { kind: 'mark', of, to };
  }
  const [option = '', read] =
    ['--set-xmark', '--set-mark'].map((name) => [name, masked(value(name) ?? '')] as const).find(([, one]) => one) ??
    [];
  if (!read || isShifted) return unclear;
  const cleared = without(option === '--set-mark' ? (read.mask | read.value) >>> 0 : read.mask);
  const kept = of === 'packet' ? { packet: cleared, connection: 0 } : { packet: 0, connection: cleared };
  return { kind: 'mark', of, to: { ...kept, flip: read.value } };
}
