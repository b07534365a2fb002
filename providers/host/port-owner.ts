import type { CauseCode, Sign } from '../../src/model/index.js';
import type { Address } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { listensOn, ownerOf, speaks } from './sockets/listens-on.js';
import { parseSockets } from './sockets/sockets.js';

/** Names of programs that pass connections on. */
const proxies =
  /^(?:haproxy|nginx|envoy|traefik|caddy|socat|sslh|stunnel|rinetd|xinetd|docker-proxy|rootlessport|gvproxy|pasta|slirp4netns|systemd-socket-)/;
/** What any program that is no sshd may do with connections. */
const foreign = ['host/other-service', 'host/accept-then-reset'] as const;
const ofSystemd = ['host/socket-activation-fails', 'host/socket-connections'] as const;

/**
 * That a program of another name than those of SSH holds the port that is asked. It suggests: a program that passes connections on to
 * an sshd does so too. What systemd holds is for whatever it starts; what another program holds is no socket of systemd's.
 */
export function portOwnerSigns(bundle: Bundle, asked: { readonly address?: Address; readonly port: number }): Sign[] {
  const { address, port } = asked;
  if (!address) return [];
  const listens = listensOn(parseSockets(bundle), address, port);
  if (listens.kind !== 'yes') return [];
  const { listener } = listens;
  const spoken = speaks(listener);
  if (spoken === 'ssh') return [];
  const owner = ownerOf(listener) ?? '';
  const data = { process: owner, port: `${port}` };
  const { at, line } = listener;
  const codes: readonly CauseCode[] = [
    ...(spoken === 'other' ? [] : (['host/http-on-port'] as const)),
    ...(proxies.test(owner) ? (['path/proxy-backend-dead'] as const) : []),
    ...foreign,
  ];
  return [
    ...codes.map((code): Sign => ({ code, says: 'suggests', at, line, data })),
    ...ofSystemd.map((code): Sign => ({ code, says: 'excludes', at, line })),
  ];
}
