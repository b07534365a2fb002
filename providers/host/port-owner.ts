import type { Sign } from '../../src/model/index.js';
import type { Address } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { listensOn, ownerOf, speaksSsh } from './sockets/listens-on.js';
import { parseSockets } from './sockets/sockets.js';

/** Names of programs that speak HTTP before anything else. */
const webServers = /^(?:nginx|apache2?|httpd|caddy|lighttpd|traefik|envoy|haproxy|node|java|python3?|php-fpm)/;

/**
 * That a program of another name than those of SSH holds the port that is asked. It suggests: a program that passes connections on to
 * an sshd does so too. What systemd holds is for whatever it starts.
 */
export function portOwnerSigns(bundle: Bundle, asked: { readonly address?: Address; readonly port: number }): Sign[] {
  const { address, port } = asked;
  if (!address) return [];
  const listens = listensOn(parseSockets(bundle), address, port);
  if (listens.kind !== 'yes') return [];
  const { listener } = listens;
  const owner = ownerOf(listener);
  if (owner === undefined || owner.startsWith('systemd') || speaksSsh(listener)) return [];
  const data = { process: owner, port: `${port}` };
  const speaks = webServers.test(owner) ? 'host/http-on-port' : 'host/other-service';
  return (['host/port-taken', speaks] as const).map((code) => ({
    code,
    says: 'suggests' as const,
    at: listener.at,
    line: listener.line,
    data,
  }));
}
