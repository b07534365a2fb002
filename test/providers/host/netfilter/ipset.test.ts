import { describe, expect, test } from '@jest/globals';
import { parseIpset } from '../../../../providers/host/netfilter/ipset.js';
import { matchSet, type SetDirection } from '../../../../providers/host/netfilter/ipset-match.js';
import { cost, dumped, shownCondition } from './shown.js';

function match(lines: readonly string[], name: string, directions: readonly SetDirection[], family: 4 | 6 = 4): string {
  return shownCondition(matchSet(parseIpset(lines.join('\n')), name, directions, family));
}

type Row = readonly [what: string, lines: readonly string[], directions: readonly SetDirection[], is: string];

const rows: readonly Row[] = [
  [
    'addresses',
    ['create s hash:ip family inet', 'add s 10.0.0.1', 'add s 10.0.0.8/30'],
    ['src'],
    'source 10.0.0.1/32, 10.0.0.8/30',
  ],
  ['a range', ['create s hash:ip', 'add s 10.0.0.0-10.0.0.4'], ['dst'], 'destination 10.0.0.0/30, 10.0.0.4/32'],
  [
    'timeouts, counters and comments',
    ['create s hash:ip', 'add s 10.0.0.1 timeout 0 packets 1 bytes 60 comment "a nomatch b"'],
    ['src'],
    'source 10.0.0.1/32',
  ],
  ['a mask of the set', ['create s hash:ip family inet netmask 24', 'add s 10.0.7.0'], ['src'], 'source 10.0.7.0/24'],
  ['an empty set', ['create s hash:ip family inet'], ['src'], 'never'],
  [
    'the most specific net',
    ['create s hash:net family inet', 'add s 10.0.0.0/8', 'add s 10.128.0.0/9 nomatch', 'add s 10.128.0.0/16'],
    ['src'],
    'source 10.0.0.0/9, 10.128.0.0/16',
  ],
  [
    'nets with ports',
    [
      'create s hash:net,port family inet',
      'add s 10.0.0.0/8,tcp:22',
      'add s 11.0.0.0/8,22-23',
      'add s 10.0.0.0/8,udp:53',
    ],
    ['src', 'dst'],
    '(source 10.0.0.0/8 & tcp & dport 22 | source 11.0.0.0/8 & tcp & dport 22-23 | source 10.0.0.0/8 & udp & dport 53)',
  ],
  [
    'addresses that share a port',
    ['create s hash:ip,port', 'add s 10.0.0.1,tcp:22', 'add s 10.0.0.2,tcp:22'],
    ['src', 'src'],
    '(source 10.0.0.1/32, 10.0.0.2/32 & tcp & sport 22)',
  ],
  [
    'a type of ICMP, which is no port',
    ['create s hash:ip,port', 'add s 10.0.0.1,icmp:echo-request'],
    ['src', 'dst'],
    '(source 10.0.0.1/32 & (ipv4 & icmp) & ?opaque <-m set --match-set s src,dst (icmp:echo-request)>)',
  ],
  [
    'pairs of nets',
    ['create s hash:net,net', 'add s 10.0.0.0/8,11.0.0.0/8'],
    ['src', 'dst'],
    '(source 10.0.0.0/8 & destination 11.0.0.0/8)',
  ],
  [
    'three things',
    ['create s hash:ip,port,ip', 'add s 10.0.0.1,tcp:22,10.0.0.2'],
    ['src', 'dst', 'dst'],
    '(source 10.0.0.1/32 & tcp & dport 22 & destination 10.0.0.2/32)',
  ],
  [
    'a range of addresses in a bitmap',
    ['create s bitmap:ip range 10.0.0.0-10.0.255.255', 'add s 10.0.0.1'],
    ['src'],
    'source 10.0.0.1/32',
  ],
  [
    'ports of any protocol',
    ['create s bitmap:port range 0-65535', 'add s 22', 'add s 23'],
    ['dst'],
    '(tcp|udp|other & dport 22-23)',
  ],
  [
    'an interface',
    ['create s hash:net,iface', 'add s 10.0.0.0/8,eth0'],
    ['src', 'src'],
    '(source 10.0.0.0/8 & in eth0)',
  ],
  [
    'interfaces by their beginning',
    ['create s hash:net,iface', 'add s 10.0.0.0/8,eth wildcard'],
    ['src', 'dst'],
    '(source 10.0.0.0/8 & out eth+)',
  ],
  [
    'a port of a bridge',
    ['create s hash:net,iface', 'add s 10.0.0.0/8,physdev:eth0'],
    ['src', 'src'],
    '(source 10.0.0.0/8 & ?opaque <-m set --match-set s src,src (physdev:eth0)>)',
  ],
  [
    'hardware addresses',
    ['create s hash:mac', 'add s 00:11:22:33:44:55'],
    ['src'],
    '?opaque <-m set --match-set s src (00:11:22:33:44:55)>',
  ],
  [
    'marks',
    ['create s hash:ip,mark', 'add s 10.0.0.1,0x10'],
    ['src', 'src'],
    '(source 10.0.0.1/32 & ?opaque <-m set --match-set s src,src (0x10)>)',
  ],
  ['fewer directions than things', ['create s hash:ip,port', 'add s 10.0.0.1,tcp:22'], ['src'], 'never'],
  ['the other family', ['create s hash:ip family inet6', 'add s fd00::1'], ['src'], 'never'],
  [
    'a list of sets',
    [
      'create a hash:ip',
      'add a 10.0.0.1',
      'create b hash:ip family inet6',
      'create s list:set size 8',
      'add s a',
      'add s b',
    ],
    ['src'],
    '(source 10.0.0.1/32 | never)',
  ],
  [
    'a list with a set that is not there',
    ['create s list:set', 'add s gone'],
    ['src'],
    '?opaque <-m set --match-set s src>',
  ],
  ['a list in a list', ['create s list:set', 'add s s'], ['src'], '?opaque <-m set --match-set s src>'],
  // What is not understood is never an empty set.
  [
    'a type that nobody knows',
    ['create s hash:odd family inet', 'add s 1'],
    ['src'],
    '?unparsed <create s hash:odd family inet>',
  ],
  [
    'a mask of any form',
    ['create s hash:ip bitmask 255.0.255.0'],
    ['src'],
    '?unparsed <create s hash:ip bitmask 255.0.255.0>',
  ],
  ['an element that is no address', ['create s hash:ip', 'add s ten'], ['src'], '?unparsed <add s ten>'],
  ['an element that was cut', ['create s hash:ip', 'add s 10.0.'], ['src'], '?unparsed <add s 10.0.>'],
  ['an element of the other family', ['create s hash:ip', 'add s fd00::1'], ['src'], '?unparsed <add s fd00::1>'],
  [
    'an extension that nobody knows',
    ['create s hash:ip', 'add s 10.0.0.1 odd 3'],
    ['src'],
    '?unparsed <add s 10.0.0.1 odd 3>',
  ],
  [
    'nomatch between two nets',
    ['create s hash:net,net', 'add s 10.0.0.0/8,11.0.0.0/8 nomatch'],
    ['src', 'dst'],
    '?unparsed <add s 10.0.0.0/8,11.0.0.0/8 nomatch>',
  ],
  [
    'a port that is none',
    ['create s hash:ip,port', 'add s 10.0.0.1,tcp:99999'],
    ['src', 'dst'],
    '?unparsed <add s ,tcp:99999>',
  ],
  ['elements without their set', ['add s 10.0.0.1'], ['src'], '?unparsed <add s 10.0.0.1>'],
  [
    'a line that is of no set',
    ['create s hash:ip', 'add s 10.0.0.1', 'ipset v7.17: Kernel error'],
    ['src'],
    '?unparsed <ipset v7.17: Kernel error>',
  ],
];

describe('a set of ipset', () => {
  test.each(rows)('%s', (_, lines, directions, is) => expect(match(lines, 's', directions)).toBe(is));

  test('of IPv6', () => {
    const lines = ['create s hash:net family inet6', 'add s fd22::/16', 'add s fd22:1::/32 nomatch', 'add s fd22:1::5'];
    expect(match(lines, 's', ['src'], 6)).toContain('fd22:1::5/128');
    expect(match(lines, 's', ['src'], 6)).not.toContain('fd22:1::/32');
  });

  test('that was not recorded is not empty', () => {
    expect(shownCondition(matchSet(undefined, 's', ['src'], 4))).toBe('?opaque <-m set --match-set s src>');
    expect(match(['create other hash:ip'], 's', ['src'])).toBe('?opaque <-m set --match-set s src>');
  });

  test('of a real dump is understood, whatever its type', () => {
    const sets = parseIpset(dumped('every.ipset'));
    expect([...sets.keys()].toSorted()).toEqual(
      'all bad bip bipm bmac bport empty hm ipport netport nets nets6 niface'.split(' '),
    );
    expect([...sets.values()].filter(({ doubt }) => doubt)).toEqual([]);
    expect(shownCondition(matchSet(sets, 'all', ['src'], 4))).toContain('10.22.1.0/24');
  });
});

describe('a hostile or a big dump', () => {
  test.each([
    ['one long line', `add s ${'1'.repeat(400_000)}`],
    ['many extensions', `create s hash:ip\nadd s 10.0.0.1${' nomatch'.repeat(100_000)}`],
    ['many commas', `create s hash:ip,port\nadd s ${','.repeat(400_000)}`],
    ['noise', '\u0000\u001b[0m\ufffd\n'.repeat(10_000)],
  ])('%s', (_, text) => {
    const spent = cost(() => {
      expect(shownCondition(matchSet(parseIpset(`create t hash:ip\n${text}`), 't', ['src'], 4))).toEqual(
        expect.any(String),
      );
    });
    expect(spent).toBeLessThan(2_500);
  });

  test('of a hundred thousand elements is read in a fraction of a second', () => {
    const elements = Array.from(
      { length: 100_000 },
      (_, i) => `add s 10.${i >> 16}.${(i >> 8) & 255}.${i & 255} timeout 599`,
    );
    const spent = cost(() => {
      expect(match(['create s hash:ip family inet timeout 600', ...elements], 's', ['src'])).toContain('10.0.0.0/16');
    });
    expect(spent).toBeLessThan(2_500);
  });
});
