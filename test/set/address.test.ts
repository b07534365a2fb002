import { isIP } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatAddress, parseAddress } from '../../src/set/index.js';
import { runs } from '../support/runs.js';

const ipv4 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** Groups are often zero, so that runs of zeros of every length and place occur. */
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n));

describe('parseAddress', () => {
  test.each([
    ['0.0.0.0', 0],
    ['0.0.0.1', 1],
    ['1.2.3.4', 0x01020304],
    ['127.255.255.255', 2 ** 31 - 1],
    ['128.0.0.0', 2 ** 31],
    ['255.255.255.255', 2 ** 32 - 1],
  ])('reads %s', (text, value) => {
    expect(parseAddress(text)).toEqual({ family: 4, value });
  });

  test.each([
    ['::', 0n],
    ['::1', 1n],
    ['1::', 1n << 112n],
    ['0:0:0:0:0:0:0:1', 1n],
    ['1:2:3:4:5:6:7::', 0x0001_0002_0003_0004_0005_0006_0007_0000n],
    ['::2:3:4:5:6:7:8', 0x0002_0003_0004_0005_0006_0007_0008n],
    ['2001:DB8::aBcD', 0x2001_0db8_0000_0000_0000_0000_0000_abcdn],
    ['2001:0db8:0000::0001', 0x2001_0db8_0000_0000_0000_0000_0000_0001n],
    ['::1.2.3.4', 0x0102_0304n],
    ['::ffff:192.0.2.1', 0xffff_c000_0201n],
    ['64:ff9b::192.0.2.1', 0x0064_ff9b_0000_0000_0000_0000_c000_0201n],
    ['1:2:3:4:5:6:7.8.9.10', 0x0001_0002_0003_0004_0005_0006_0708_090an],
    ['ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255', 2n ** 128n - 1n],
  ])('reads %s', (text, value) => {
    expect(parseAddress(text)).toEqual({ family: 6, value });
  });

  test.each([
    '',
    ' ',
    '1',
    '1.2.3',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.04',
    '1.2.3.00',
    '256.0.0.0',
    '1.2.3.999',
    '1.2.3.1000',
    '-1.2.3.4',
    '+1.2.3.4',
    '0x7f.0.0.1',
    '1e1.2.3.4',
    '2130706433',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.4\n',
    '1.2.3.4\0',
    '1.2.3.4/32',
    '٣.1.1.1',
    '１.2.3.4',
    '1。2。3。4',
    'localhost',
    ':',
    ':::',
    '::1::',
    '1::2::3',
    ':1',
    '1:',
    '::1:',
    ':1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1:2:3:4::5:6:7:8',
    '::12345',
    '::g',
    '::0x1',
    '::1%eth0',
    'fe80::1%1',
    '[::1]',
    ' ::1',
    '::1\n',
    '::1/128',
    '::1.2.3',
    '::1.2.3.4.5',
    '::01.2.3.4',
    '::256.1.1.1',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '1:2:3:4:5:1.2.3.4',
    '1.2.3.4:1.2.3.4',
    '::\u0661',
    '::ı',
    '1'.repeat(100_000),
    '1:'.repeat(100_000),
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test('agrees with node:net on valid text with one character changed', () => {
    const character = fc.constantFrom(...'0123456789abcdefABCDEF:.gx ');
    const valid = fc.oneof(
      ipv4.map((value) => formatAddress({ family: 4, value })),
      ipv6.map((value) => formatAddress({ family: 6, value })),
      fc.ipV6(),
    );
    const changed = fc
      .tuple(valid, fc.nat(45), fc.nat(2), fc.oneof(fc.constant(''), character))
      .map(([text, at, dropped, put]) => text.slice(0, at) + put + text.slice(at + dropped));
    fc.assert(
      fc.property(changed, (text) => {
        expect(parseAddress(text)?.family ?? 0).toBe(isIP(text));
      }),
      runs(3000),
    );
  });
});

describe('formatAddress', () => {
  test.each([
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['2001:DB8:0:0:0:0:0:ABCD', '2001:db8::abcd'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:1:2:3:4:5:6:0', '0:1:2:3:4:5:6:0'],
    ['0:0:1:2:3:4:5:6', '::1:2:3:4:5:6'],
    ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ['::c000:201', '::c000:201'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['::ffff:ffff:ffff', '::ffff:255.255.255.255'],
  ])('writes %s as %s', (text, expected) => {
    const address = parseAddress(text);
    expect(address && formatAddress(address)).toBe(expected);
  });

  test('is read back as the same IPv4 address', () => {
    fc.assert(
      fc.property(ipv4, (value) => {
        const text = formatAddress({ family: 4, value });
        expect(isIP(text)).toBe(4);
        expect(parseAddress(text)).toEqual({ family: 4, value });
        expect(new URL(`http://${value}/`).hostname).toBe(text);
      }),
      runs(100),
    );
  });

  test('is read back as the same IPv6 address, and is what a URL shows', () => {
    fc.assert(
      fc.property(ipv6, (value) => {
        const text = formatAddress({ family: 6, value });
        expect(isIP(text)).toBe(6);
        expect(parseAddress(text)).toEqual({ family: 6, value });
        const shown = new URL(
          `http://[${value
            .toString(16)
            .padStart(32, '0')
            .replace(/.{4}(?!$)/g, '$&:')}]`,
        ).hostname;
        if (value >> 32n !== 0xffffn) expect(`[${text}]`).toBe(shown);
        else expect(new URL(`http://[${text}]`).hostname).toBe(shown);
      }),
      runs(1000),
    );
  });
});
