/** Why an SSH connection fails beside a cloud's own rules. The letters are those of the catalogue in which they were measured. */
export const causeCodes = [
  // The listener.
  'host/no-listener', // L1
  'host/other-port', // L2
  'host/listener-loopback-only', // L3
  'host/listener-other-address', // L4
  'host/listener-ipv4-only', // L5
  'host/listener-ipv6-only', // L6
  'host/listen-address-absent', // L7
  'host/port-taken', // L8
  'host/bind-denied', // L9
  'host/bad-config', // L10
  'host/no-host-keys', // L11
  'host/no-privsep-directory', // L12
  'host/no-privsep-user', // L13
  'host/reload-with-bad-config', // L14
  'host/config-not-loaded', // L15
  'host/socket-port', // L16
  'host/start-limit', // L17
  'host/booting', // L18
  'host/disabled-by-file', // L19
  'host/start-failed-for-good', // L20
  'host/unit-private-network', // section 8.10
  'host/unit-address-families',
  // The packet filters and the network stack.
  'host/firewall-drops', // F1
  'host/firewall-rejects', // F2
  'host/firewall-resets', // F3
  'host/firewall-prohibits', // F4
  'host/firewall-prohibits-ipv6', // F5
  'host/firewall-net-unreachable', // F6
  'host/firewall-protocol-unreachable', // F7
  'host/rate-limit', // F9
  'host/firewall-drops-replies', // F10
  'host/firewall-early', // F11
  'host/port-redirected', // F13
  'host/redirect-target-dead', // section 8.3
  'host/conntrack-full', // F14
  'host/accept-queue-full', // F15
  'host/syn-queue-full', // section 8.13
  'host/reverse-path-filter', // F16
  'host/no-return-route', // F17
  'host/neighbour-discovery-dropped', // section 8.3
  'host/unit-address-deny', // section 8.10
  // Bans and wrappers.
  'host/banned', // B1
  'host/ban-drops', // B2
  'host/tcp-wrappers', // B3
  'host/tcp-wrappers-text', // B4
  // The daemon.
  'host/max-startups', // P1
  'host/per-source-max-startups', // P2
  'host/per-source-penalty', // P3
  'host/refuse-connection', // P4
  'host/sshd-hung', // P5
  'host/host-keys-deleted', // P6
  'host/privsep-directory-deleted', // P7
  'host/sshd-upgraded', // P8
  'host/out-of-files', // P9
  'host/process-limit', // P10
  'host/socket-activation-fails', // P11
  'host/socket-connections', // section 8.11
  'host/login-grace', // P12
  'host/http-on-port', // P13
  'host/other-service', // P14
  'host/slow-resolver', // section 1.2
  'host/accept-then-reset', // P22
  'host/disk-full', // X1
  'host/fips', // X2
  // What stands between.
  'path/silent-proxy', // P15
  'path/proxy-without-listener', // P16
  'path/proxy-backend-dead', // P17
  'path/mtu-to-client', // P18
  'path/mtu-to-server', // P19
  'path/payload-filter', // P20
  'path/only-first-packet', // P21
  'path/router-rejects', // F8
  'path/router-route', // N4
  'path/no-such-host', // N1
  'path/other-machine', // a rebuilt server, a stale name
  'path/cloud-filter', // X3
  'path/jump-host',
  // The client's own machine.
  'client/no-route', // N2
  'client/route-blocks', // N3
  'client/firewall', // N5
  'client/no-free-port', // N6
  'client/no-ipv6', // N7
  'client/name', // the name does not resolve
  'client/not-an-address', // broadcast, multicast and reserved addresses
  // The login.
  'login/user-not-allowed', // A1
  'login/nologin', // A2
  'login/account-expired', // A3
  'login/shell', // A4
  'login/password-change', // A5
  'login/key-refused', // A6
  'login/too-many-keys', // A7
  'login/no-common-algorithm', // A8
] as const;

export type CauseCode = (typeof causeCodes)[number];
