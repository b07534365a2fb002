import { describe, expect, test } from '@jest/globals';
import { formatAddress, formatPrefix, parsePrefix } from '../../src/set/index.js';

describe('parsePrefix', () => {
  test.each([
    ['0.0.0.0/0', '0.0.0.0', 0, false],
    ['255.255.255.255/0', '0.0.0.0', 0, true],
    ['10.0.0.0/8', '10.0.0.0', 8, false],
    ['10.0.0.1/8', '10.0.0.0', 8, true],
    ['192.0.2.129/25', '192.0.2.128', 25, true],
    ['255.255.255.255/1', '128.0.0.0', 1, true],
    ['255.255.255.255/31', '255.255.255.254', 31, true],
    ['255.255.255.255/32', '255.255.255.255', 32, false],
    ['192.0.2.1', '192.0.2.1', 32, false],
    ['::/0', '::', 0, false],
    ['ffff::/0', '::', 0, true],
    ['2000::/3', '2000::', 3, false],
    ['3fff::/3', '2000::', 3, true],
    ['2001:db8::1/32', '2001:db8::', 32, true],
    ['2001:db8::1/127', '2001:db8::', 127, true],
    ['2001:db8::1/128', '2001:db8::1', 128, false],
    ['::1', '::1', 128, false],
    ['::ffff:10.0.0.0/104', '::ffff:10.0.0.0', 104, false],
  ])('reads %s', (text, network, length, hostBits) => {
    const prefix = parsePrefix(text);
    expect(prefix).toMatchObject({ length, hostBits });
    expect(prefix && formatAddress(prefix.network)).toBe(network);
    expect(prefix && formatPrefix(prefix)).toBe(`${network}/${length}`);
  });

  test.each([
    '',
    '/',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/00',
    '10.0.0.0/-1',
    '10.0.0.0/+8',
    '10.0.0.0/ 8',
    '10.0.0.0/8 ',
    ' 10.0.0.0/8',
    '10.0.0.0 /8',
    '10.0.0.0/8\n',
    '10.0.0.0/8/8',
    '10.0.0.0//8',
    '10.0.0.0/8.0',
    '10.0.0.0/0x8',
    '10.0.0.0/1e1',
    '10.0.0.0/٨',
    '10.0.0.0/255.0.0.0',
    '10.0.0/8',
    '10/8',
    '::/129',
    '::/',
    '::1%eth0/64',
    'any',
    'sg-0123',
    `10.0.0.0/${'1'.repeat(100_000)}`,
  ])('refuses %j', (text) => {
    expect(parsePrefix(text)).toBeUndefined();
  });
});
