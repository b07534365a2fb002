import { describe, expect, test } from '@jest/globals';
import { parseIpset } from '../../../../providers/host/netfilter/ipset.js';
import { parseIptablesSave } from '../../../../providers/host/netfilter/iptables-save.js';
import { cost, dumped, rulesOf, shownChain, shownRule } from './shown.js';

const ipsets = parseIpset(
  [
    'create bad hash:net family inet',
    'add bad 10.22.1.0/24',
    'create pairs hash:ip,port',
    'add pairs 10.22.1.2,tcp:22',
  ].join('\n'),
);

function dumpOf(rules: readonly string[], family: 4 | 6 = 4) {
  const text = ['*filter', ':INPUT DROP [0:0]', ':SSH - [0:0]', ':LOG - [0:0]', ...rules, 'COMMIT', ''].join('\n');
  return parseIptablesSave(text, { family, by: 'iptables', ipsets });
}

/** One rule of the chain INPUT, without the `-A INPUT` before it. */
function read(rule: string, family: 4 | 6 = 4): string {
  return shownChain(dumpOf([`-A INPUT ${rule}`], family).tables, 'filter', 'INPUT').join('; ');
}

const rows: readonly (readonly [rule: string, is: string])[] = [
  // Addresses, interfaces, protocols.
  ['-s 10.22.0.0/16 -j ACCEPT', 'source 10.22.0.0/16, accept'],
  ['! -s 10.22.0.0/16 -j DROP', 'not source 10.22.0.0/16, drop'],
  ['-s ! 10.22.0.0/16 -j DROP', 'not source 10.22.0.0/16, drop'],
  ['-d 10.22.0.0/255.255.0.0 -j DROP', 'destination 10.22.0.0/16, drop'],
  ['-s 10.0.0.2/255.255.255.254 -j DROP', 'source 10.0.0.2/31, drop'],
  ['-s 10.0.0.0/255.255.254.255 -j DROP', 'source 10.0.0.0/32, 10.0.1.0/32, drop'],
  ['-s 10.0.0.1/255.0.0.255 -j DROP', '?opaque <-s 10.0.0.1/255.0.0.255>, drop'],
  ['-s 10.0.0.1,10.0.0.2 -j DROP', 'source 10.0.0.1/32, 10.0.0.2/32, drop'],
  ['-s office.example -j DROP', '?unparsed <-s office.example>, drop'],
  ['-i eth+ -j ACCEPT', 'in eth+, accept'],
  ['! -i lo -j DROP', 'not in lo, drop'],
  ['-o eth0 -j ACCEPT', 'out eth0, accept'],
  ['-p tcp -j ACCEPT', 'tcp, accept'],
  ['-p 6 --dport 22 -j ACCEPT', 'tcp, dport 22, accept'],
  ['! -p udp -j DROP', 'not udp, drop'],
  ['-p esp -j ACCEPT', 'other, accept'],
  ['-p 253 -j ACCEPT', 'other, accept'],
  ['-p nonsense -j ACCEPT', '?unparsed <-p nonsense>, accept'],
  ['-p all -j DROP', 'not never, drop'],
  ['-f -j DROP', '(not tcp & ?opaque <-f>), drop'],
  ['! -f -j DROP', 'not never, drop'],
  // Ports.
  ['-p tcp -m tcp --dport 22 -j ACCEPT', 'tcp, dport 22, accept'],
  ['-p tcp -m tcp ! --dport 22 -j DROP', 'tcp, not dport 22, drop'],
  ['-p tcp -m tcp --sport 1024: --dport :1023 -j ACCEPT', 'tcp, sport 1024-65535, dport 0-1023, accept'],
  ['-p tcp -m tcp --dport 70000 -j DROP', 'tcp, ?unparsed <--dport 70000>, drop'],
  ['-p tcp -m multiport --dports 22,2222:2230 -j ACCEPT', 'tcp, dport 22, 2222-2230, accept'],
  ['-p tcp -m multiport ! --dports 22,23 -j DROP', 'tcp, not dport 22-23, drop'],
  ['-p tcp -m multiport --ports 22 -j DROP', 'tcp, (sport 22 | dport 22), drop'],
  // TCP flags.
  ['-p tcp --syn -j ACCEPT', 'tcp, flags 2/23, accept'],
  ['-p tcp ! --syn -m state --state NEW -j DROP', 'tcp, not flags 2/23, state new, drop'],
  ['-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT', 'tcp, flags 2/23, accept'],
  ['-p tcp -m tcp --tcp-flags ALL NONE -j DROP', 'tcp, flags 0/63, drop'],
  ['-p tcp -m tcp --tcp-flags ALL BOGUS -j DROP', 'tcp, ?unparsed <--tcp-flags ALL BOGUS>, drop'],
  // Connection tracking.
  ['-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', 'state related|established, accept'],
  ['-m conntrack ! --ctstate NEW -j ACCEPT', 'not state new, accept'],
  ['-m conntrack --ctstate NEW,DNAT -j ACCEPT', '(state new | destination translated), accept'],
  ['-m conntrack --ctstate NEWER -j ACCEPT', '?unparsed <--ctstate NEWER>, accept'],
  ['-m conntrack --ctstatus ASSURED -j ACCEPT', 'state new|established|related, ?opaque <--ctstatus ASSURED>, accept'],
  [
    '-m conntrack --ctproto tcp --ctorigdstport 22 -j ACCEPT',
    'state new|established|related, tcp, ?opaque <--ctorigdstport 22>, accept',
  ],
  [
    '-m conntrack --ctdir REPLY -j ACCEPT',
    'state new|established|related, (state established|related & ?opaque <--ctdir REPLY>), accept',
  ],
  // Sets and ranges.
  ['-m set --match-set bad src -j DROP', 'source 10.22.1.0/24, drop'],
  ['-m set ! --match-set bad src -j DROP', 'not source 10.22.1.0/24, drop'],
  ['-m set --match-set pairs src,dst -j DROP', '(source 10.22.1.2/32 & tcp & dport 22), drop'],
  ['-m set --match-set unseen src -j DROP', '?opaque <-m set --match-set unseen src>, drop'],
  ['-m set --match-set bad src ! --update-counters -j DROP', 'source 10.22.1.0/24, drop'],
  [
    '-m set --match-set bad src --return-nomatch -j DROP',
    'source 10.22.1.0/24, ?opaque <-m set --return-nomatch>, drop',
  ],
  ['-m set --match-set bad src --packets-gt 5 -j DROP', 'source 10.22.1.0/24, ?stateful <--packets-gt 5>, drop'],
  ['-m iprange --src-range 10.0.0.0-10.0.0.3 -j DROP', 'source 10.0.0.0/30, drop'],
  ['-m iprange ! --dst-range 10.0.0.0-10.0.0.3 -j DROP', 'not destination 10.0.0.0/30, drop'],
  // Kinds of addresses.
  ['-m addrtype --dst-type LOCAL -j ACCEPT', 'destination local, accept'],
  ['-m addrtype ! --dst-type LOCAL -j DROP', 'not destination local, drop'],
  ['-m addrtype --dst-type MULTICAST -j DROP', 'destination 224.0.0.0/4, ff00::/8, drop'],
  [
    '-m addrtype --dst-type BROADCAST -j DROP',
    '(not destination local & ?opaque <-m addrtype --dst-type BROADCAST>), drop',
  ],
  [
    '-m addrtype ! --src-type LOCAL --limit-iface-in -j DROP',
    'not (source local & ?opaque <-m addrtype ! --src-type LOCAL --limit-iface-in>), drop',
  ],
  ['-m addrtype --dst-type ODD -j DROP', '?unparsed <-m addrtype --dst-type ODD>, drop'],
  ['-m pkttype --pkt-type broadcast -j DROP', '(not tcp & ?opaque <--pkt-type broadcast>), drop'],
  ['-m pkttype ! --pkt-type unicast -j DROP', '(not tcp & ?opaque <! --pkt-type unicast>), drop'],
  ['-m rpfilter --validmark --invert -j DROP', 'not reverse-path, drop'],
  ['-m rpfilter --loose -j ACCEPT', 'reverse-path loose, accept'],
  // What depends on other packets, on time, on chance.
  ['-p tcp --dport 22 -m recent --set --name D --rsource', 'tcp, dport 22, not never, continue'],
  [
    '-m recent --update --seconds 30 --hitcount 6 --name D -j REJECT',
    '?stateful <-m recent --update --seconds 30 --hitcount 6 --name D>, reject port-unreachable',
  ],
  ['-m recent ! --set --name D -j DROP', '?stateful <-m recent ! --set --name D>, drop'],
  ['-m connlimit --connlimit-above 3 -j DROP', '?stateful <-m connlimit --connlimit-above 3>, drop'],
  [
    '-m statistic --mode random --probability 0.5 -j DROP',
    '?stateful <-m statistic --mode random --probability 0.5>, drop',
  ],
  ['-m time --timestart 08:00 -j ACCEPT', '?stateful <-m time --timestart 08:00>, accept'],
  ['-p tcp -m limit --limit 3/min --dport 22 -j ACCEPT', 'tcp, ?stateful <-m limit --limit 3/min>, dport 22, accept'],
  // What the evidence does not hold.
  ['-m mark --mark 0x8000/0x8000 -j DROP', 'packet mark 32768-32768/8000, drop'],
  ['-m mark ! --mark 0x1 -j DROP', 'not packet mark 1-1/ffffffff, drop'],
  ['-m mark --mark 1/2/3 -j DROP', '?unparsed <--mark 1/2/3>, drop'],
  ['-m connmark ! --mark 0x1/0xff -j DROP', 'state new|established|related, not connection mark 1-1/ff, drop'],
  ['-m owner ! --uid-owner 0 -j DROP', '?opaque <-m owner ! --uid-owner 0>, drop'],
  ['-m string --string "-j DROP" --algo bm -j ACCEPT', '?opaque <-m string --string "-j DROP" --algo bm>, accept'],
  ['-m mac --mac-source 00:11:22:33:44:55 -j ACCEPT', '?opaque <-m mac --mac-source 00:11:22:33:44:55>, accept'],
  // ICMP.
  ['-p icmp -m icmp --icmp-type 8 -j ACCEPT', 'icmp, icmp-type 8, accept'],
  ['-p icmp -m icmp ! --icmp-type echo-request -j DROP', 'icmp, not icmp-type 8, drop'],
  ['-p icmp --icmp-type 3/4 -j ACCEPT', 'icmp, icmp-type 3, ?opaque <--icmp-type 3/4>, accept'],
  ['-p icmp -m icmp --icmp-type any -j ACCEPT', 'icmp, not never, accept'],
  // Words that are not known, and what stands after them.
  [
    '-m future --dport 22 -s 10.0.0.1 -p tcp -j ACCEPT',
    '?unparsed <-m future --dport 22>, source 10.0.0.1/32, tcp, accept',
  ],
  ['-p tcp -m tcp --odd 1 2 --dport 22 -j ACCEPT', 'tcp, ?unparsed <--odd 1 2>, dport 22, accept'],
  ['-p tcp -m tcp ! --odd 1 ! --dport 22 -j ACCEPT', 'tcp, ?unparsed <! --odd 1>, not dport 22, accept'],
  ['-p tcp -m tcp --dport', 'tcp, ?unparsed <--dport>, continue'],
  ['stray -j ACCEPT', '?unparsed <stray>, accept'],
  [
    '-m comment --comment "open -j DROP',
    '?unparsed <-A INPUT -m comment --comment "open -j DROP>, ?unparsed <-A INPUT -m comment --comment "open -j DROP>',
  ],
  // Targets.
  ['-j SSH', 'jump SSH'],
  ['-g SSH', 'goto SSH'],
  ['-j LOG', 'jump LOG'],
  ['-j NOSUCH', '?unparsed <-j NOSUCH>'],
  ['-g NOSUCH', '?unparsed <-g NOSUCH>'],
  ['-j RETURN', 'return'],
  ['-j REJECT', 'reject port-unreachable'],
  ['-j REJECT --reject-with icmp-net-unreachable', 'reject net-unreachable'],
  ['-j REJECT --reject-with icmp-host-unreachable', 'reject host-unreachable'],
  ['-j REJECT --reject-with icmp-proto-unreachable', 'reject protocol-unreachable'],
  ['-j REJECT --reject-with icmp-net-prohibited', 'reject net-prohibited'],
  ['-j REJECT --reject-with icmp-host-prohibited', 'reject host-prohibited'],
  ['-j REJECT --reject-with icmp-admin-prohibited', 'reject admin-prohibited'],
  ['-p tcp -j REJECT --reject-with tcp-reset', 'tcp, reject tcp-reset'],
  ['-j REJECT --reject-with odd', '?unparsed <-j REJECT --reject-with odd>'],
  ['-j MARK --set-xmark 0x1/0xffffffff', 'packet mark becomes 0 0 1'],
  ['-j MARK --set-xmark 0x4000/0xff00', 'packet mark becomes ffff00ff 0 4000'],
  ['-j MARK --set-mark 0x3/0x1', 'packet mark becomes fffffffc 0 3'],
  ['-j CONNMARK --set-xmark 0x1/0xffffffff', 'state new|established|related, connection mark becomes 0 0 1'],
  [
    '-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xffff',
    'state new|established|related, connection mark becomes ff ffff0000 0',
  ],
  [
    '-j CONNMARK --restore-mark --nfmask 0xffff --ctmask 0xff',
    'state new|established|related, packet mark becomes ffff0000 ff 0',
  ],
  ['-j CONNMARK --restore-mark --left-shift-mark 4', 'state new|established|related, packet mark becomes anything'],
  ['-j HMARK --hmark-tuple src --hmark-mod 4', 'packet mark becomes anything'],
  ['-j NFLOG --nflog-group 3', 'continue'],
  ['-j CT --notrack', 'notrack'],
  ['-j CT --helper ftp', 'continue'],
  ['-j NOTRACK', 'notrack'],
  ['-p tcp -j SYNPROXY --sack-perm --mss 1460', 'tcp, synproxy'],
  ['-j NFQUEUE --queue-num 3 --queue-bypass', '?opaque <-j NFQUEUE --queue-num 3 --queue-bypass>'],
  ['-j TARPIT', '?unparsed <-j TARPIT>'],
  ['-p tcp -j REDIRECT --to-ports 2222', 'tcp, redirect 2222'],
  ['-p tcp -j REDIRECT --to-ports 2222 --random', 'tcp, redirect 2222'],
  ['-p tcp -j REDIRECT --to-ports 2222-2230', 'tcp, ?opaque <-j REDIRECT --to-ports 2222-2230>'],
  ['-p tcp -j REDIRECT', 'tcp, redirect same'],
  ['-p tcp -j DNAT --to-destination 10.0.0.5:22', 'tcp, dnat 10.0.0.5:22'],
  ['-p tcp -j DNAT --to-destination 10.0.0.5', 'tcp, dnat 10.0.0.5:'],
  ['-p tcp -j DNAT --to-destination :2222', 'tcp, dnat :2222'],
  [
    '-p tcp -j DNAT --to-destination 10.0.0.5-10.0.0.9:22',
    'tcp, ?opaque <-j DNAT --to-destination 10.0.0.5-10.0.0.9:22>',
  ],
  ['-p tcp -j DNAT --to-destination 10.0.0.5:22-30', 'tcp, ?opaque <-j DNAT --to-destination 10.0.0.5:22-30>'],
  ['-j MASQUERADE', 'accept'],
  ['-j TPROXY --on-port 50080', '?opaque <-j TPROXY --on-port 50080>'],
  ['-m comment --comment "no target"', 'continue'],
];

const rows6: typeof rows = [
  ['-s fd22:1::/64 -p tcp -m tcp --dport 22 -j ACCEPT', 'source fd22:1::/64, tcp, dport 22, accept'],
  ['-s fd00::1/ffff:ffff:: -j DROP', 'source fd00::/32, drop'],
  ['-p ipv6-icmp -m icmp6 --icmpv6-type 135 -j ACCEPT', 'icmp, icmp-type 135, accept'],
  [
    '-p ipv6-icmp -m icmp6 --icmpv6-type neighbour-advertisement -m hl --hl-eq 255 -j ACCEPT',
    'icmp, icmp-type 136, (ipv6 & icmp & icmp-type 133|134|135|136|137 | ?opaque <-m hl --hl-eq 255>), accept',
  ],
  ['-p icmp -j ACCEPT', 'other, accept'],
  ['-m rt --rt-type 0 -j DROP', 'never, drop'],
  ['-m set --match-set bad src -j DROP', 'never, drop'],
  ['-m set ! --match-set bad src -j DROP', 'not never, drop'],
  ['-j REJECT --reject-with icmp6-no-route', 'reject no-route'],
  ['-j REJECT --reject-with icmp6-adm-prohibited', 'reject admin-prohibited'],
  ['-j REJECT --reject-with icmp6-addr-unreachable', 'reject address-unreachable'],
  ['-j REJECT --reject-with icmp6-policy-fail', 'reject policy-fail'],
  ['-j REJECT --reject-with icmp6-reject-route', 'reject reject-route'],
  ['-j DNAT --to-destination [fd22::5]:2222', 'dnat fd22::5:2222'],
  ['-j DNAT --to-destination fd22::5', 'dnat fd22::5:'],
];

describe('a rule of iptables-save', () => {
  test.each(rows)('%s', (rule, is) => expect(read(rule)).toBe(is));
  test.each(rows6)('IPv6: %s', (rule, is) => expect(read(rule, 6)).toBe(is));

  test('has its number in the chain, its text, its comment and its count', () => {
    const { tables } = dumpOf([
      '[7:420] -A INPUT -m comment --comment "allow \\"office\\" net -j DROP" -s 10.22.1.2/32 -j ACCEPT',
      '-A SSH -j DROP',
      '-A INPUT -j DROP -c 8 480',
    ]);
    expect(rulesOf(tables, 'filter', 'INPUT')).toMatchObject([
      {
        id: '1',
        comment: 'allow "office" net -j DROP',
        packets: 7,
        text: '-A INPUT -m comment --comment "allow \\"office\\" net -j DROP" -s 10.22.1.2/32 -j ACCEPT',
      },
      { id: '2', packets: 8, does: { kind: 'drop' } },
    ]);
  });

  test('that fills a set makes the set one of which nothing is known', () => {
    const { tables } = dumpOf(['-A INPUT -m set --match-set bad src -j DROP', '-A INPUT -j SET --add-set bad src']);
    expect(shownChain(tables, 'filter', 'INPUT')).toEqual([
      '?stateful <set bad, which rules change>, drop',
      'continue',
    ]);
  });
});

describe('the tables of iptables-save', () => {
  const { tables, unread } = parseIptablesSave(dumped('every.iptables-save'), { family: 4, by: 'iptables', ipsets });

  test('have their place among the chains of each hook', () => {
    const bases = tables.flatMap(({ name, chains }) =>
      chains.flatMap(({ name: chain, base }) =>
        base ? [`${name} ${chain} ${base.hook} ${base.type} ${base.priority} ${base.policy}`] : [],
      ),
    );
    expect(new Set(bases)).toEqual(
      new Set([
        'raw PREROUTING prerouting filter -300 accept',
        'raw OUTPUT output filter -300 accept',
        'mangle PREROUTING prerouting filter -150 accept',
        'mangle INPUT input filter -150 accept',
        'mangle FORWARD forward filter -150 accept',
        'mangle OUTPUT output route -150 accept',
        'mangle POSTROUTING postrouting filter -150 accept',
        'nat PREROUTING prerouting nat -100 accept',
        'nat INPUT input nat 100 accept',
        'nat OUTPUT output nat -100 accept',
        'nat POSTROUTING postrouting nat 100 accept',
        'filter INPUT input filter 0 drop',
        'filter FORWARD forward filter 0 accept',
        'filter OUTPUT output filter 0 accept',
        'security INPUT input filter 50 accept',
        'security FORWARD forward filter 50 accept',
        'security OUTPUT output filter 50 accept',
      ]),
    );
    expect(unread).toBeUndefined();
  });

  test('hold no rule of a real dump that is not understood', () => {
    const rules = tables.flatMap((table) => table.chains.flatMap((chain) => chain.rules));
    expect(rules.length).toBeGreaterThan(100);
    expect(rules.map(shownRule).filter((rule) => rule.includes('?unparsed'))).toEqual([]);
  });

  test('are the same of the legacy backend, but for its name', () => {
    const legacy = parseIptablesSave(dumped('legacy.iptables-save'), { family: 4, by: 'iptables-legacy', ipsets });
    const filter = (of: typeof tables) => of.find(({ name }) => name === 'filter');
    expect(legacy.unread).toBeUndefined();
    expect(filter(legacy.tables)?.by).toBe('iptables-legacy');
    expect(shownChain(legacy.tables, 'nat', 'PREROUTING')).toEqual(shownChain(tables, 'nat', 'PREROUTING'));
  });

  test('are none in an empty dump', () => {
    expect(parseIptablesSave('', { family: 4, by: 'iptables', ipsets })).toEqual({ tables: [] });
  });
});

describe('a dump of iptables-save that is not whole', () => {
  const good = ['*filter', ':INPUT DROP [0:0]', '-A INPUT -j ACCEPT', 'COMMIT'];
  test.each([
    ['has no COMMIT', good.slice(0, 3)],
    ['has a line that is no rule', [...good.slice(0, 3), 'iptables-save: Permission denied', 'COMMIT']],
    ['has a rule of a chain that it does not have', [...good.slice(0, 3), '-A GONE -j DROP', 'COMMIT']],
    ['has a rule before its table', ['-A INPUT -j DROP', ...good]],
    ['has a table twice', [...good, ...good]],
    ['has a table of which nobody knows the place', ['*odd', ':INPUT DROP [0:0]', 'COMMIT']],
    ['has a policy that nobody knows', ['*filter', ':INPUT QUEUE [0:0]', 'COMMIT']],
  ])('%s', (_, lines) => {
    expect(parseIptablesSave(lines.join('\n'), { family: 4, by: 'iptables', ipsets }).unread).toEqual(
      expect.any(String),
    );
  });

  test('is read up to a line end of a serial console', () => {
    const { tables, unread } = parseIptablesSave(good.join('\r\n'), { family: 4, by: 'iptables', ipsets });
    expect(shownChain(tables, 'filter', 'INPUT')).toEqual(['accept']);
    expect(unread).toBeUndefined();
  });
});

describe('a hostile or a big dump', () => {
  const long = 400_000;
  test.each([
    ['a rule of one long word', `-A INPUT -s ${'1'.repeat(long)} -j DROP`],
    ['a rule of quotes', `-A INPUT ${'"'.repeat(long)}`],
    ['a rule of backslashes', `-A INPUT -m comment --comment "${'\\'.repeat(long)}"`],
    ['many matches', `-A INPUT ${'-m tcp --odd '.repeat(long / 20)}`],
    ['many negations', `-A INPUT ${'! '.repeat(long / 2)}`],
    ['many ports', `-A INPUT -p tcp -m multiport --dports ${'22,24,'.repeat(long / 10)}26 -j DROP`],
    ['many addresses', `-A INPUT -s ${'10.0.0.1,'.repeat(long / 10)}10.0.0.2 -j DROP`],
    ['colours and noise', `-A INPUT \u001b[31m-j\u0000 DROP \uffff`],
  ])('%s', (_, rule) => {
    const spent = cost(() => {
      expect(dumpOf([rule]).tables).toHaveLength(1);
    });
    expect(spent).toBeLessThan(2_500);
  });

  test('of ten thousand rules is read in a fraction of a second', () => {
    const rules = Array.from(
      { length: 10_000 },
      (_, i) =>
        `[0:0] -A INPUT -s 10.${i >> 8}.${i & 255}.0/24 -p tcp -m tcp --dport 22 -m comment --comment "r ${i}" -j DROP`,
    );
    const spent = cost(() => {
      expect(rulesOf(dumpOf(rules).tables, 'filter', 'INPUT')).toHaveLength(10_000);
    });
    expect(spent).toBeLessThan(2_500);
  });
});
