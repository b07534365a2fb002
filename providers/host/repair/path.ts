import { noteOf, type Recipe } from './remedy.js';

const told =
  (note: string, ...commands: readonly string[]): Recipe =>
  () => ({ commands, ...noteOf(note) });

const onClient = (note: string, ...commands: readonly string[]) => told(`on the client: ${note}`, ...commands);

const mtu = told(
  'the lasting cure is to let ICMP "packet too big" through (type 3 code 4, ICMPv6 type 2), or to clamp the MSS on the router',
  'sysctl -w net.ipv4.tcp_mtu_probing=1',
);

const otherFamily: Recipe = ({ port }) => ({
  commands: [`ssh -4 -p ${port} HOST`],
  ...noteOf('on the client: that takes IPv4; the lasting cure is an AAAA record only where IPv6 works'),
});

/** What helps on the way, and on the client's own machine. */
export const pathRecipes = {
  'path/proxy-backend-dead': told('start or repair what is behind the proxy, then look at the health of its targets'),
  'path/proxy-without-listener': told('start sshd on the machine behind the proxy, or correct the port of its target'),
  'path/silent-proxy': told('the machine behind the proxy does not answer: judge it from the proxy'),
  'path/mtu-to-client': mtu,
  'path/mtu-to-server': mtu,
  'path/no-such-host': told('correct the address or the name, or start the machine'),
  'path/other-machine': told('correct the name or the address'),
  'client/no-route': onClient('a route is missing, or IPv6 is: ssh -4 takes IPv4', 'ip route add default via GATEWAY'),
  'client/route-blocks': onClient(
    'KIND is unreachable, prohibit or blackhole, as ip route get tells',
    'ip route del KIND HOST',
  ),
  'client/no-ipv6': otherFamily,
  'client/no-free-port': onClient('close connections first', "sysctl -w net.ipv4.ip_local_port_range='1024 65535'"),
} satisfies Readonly<Record<string, Recipe>>;
