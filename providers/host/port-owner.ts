import type { Sign } from '../../src/model/index.js';
import type { Address } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { listensOn, ownerOf, speaks } from './sockets/listens-on.js';
import { parseSockets } from './sockets/sockets.js';

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
  const spoken = speaks(listener);
  if (spoken === 'ssh') return [];
  const data = { process: ownerOf(listener) ?? '', port: `${port}` };
  const service = spoken === 'other' ? 'host/other-service' : 'host/http-on-port';
  return (['host/port-taken', service] as const).map((code) => ({
    code,
    says: 'suggests' as const,
    at: listener.at,
    line: listener.line,
    data,
  }));
}
