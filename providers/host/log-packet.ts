import type { CauseCode } from '../../src/model/index.js';
import { wordsOf } from './lines.js';
import type { LogCause } from './log-line.js';

/** Who logs refused packets: the words before the packet, and what became of it. ufw logs what it drops and what it rejects alike. */
function prefixCode(prefix: string): CauseCode | undefined {
  if (prefix === '[UFW LIMIT BLOCK]') return 'host/rate-limit';
  if (prefix === '[UFW BLOCK]') return 'host/firewall-drops';
  // firewalld with LogDenied: `filter_IN_public_REJECT: `, `FINAL_REJECT: `.
  const name = prefix.endsWith(':') && !prefix.includes(' ') ? prefix.slice(0, -1) : '';
  const isFirewalld = name.startsWith('FINAL_') || name.startsWith('filter_') || name.startsWith('IN_');
  if (isFirewalld && name.endsWith('_REJECT')) return 'host/firewall-prohibits';
  return isFirewalld && name.endsWith('_DROP') ? 'host/firewall-drops' : undefined;
}

/**
 * What the kernel's log of a refused packet says, where ufw or firewalld wrote it: the first packet of a connection that came
 * in, or the answer to one that was to go out. Others log what they accept too, so nothing is read into their words.
 */
export function packetCause(message: string): LogCause | undefined {
  const start = message.indexOf('IN=');
  if (start < 0 || start > 80) return undefined;
  const code = prefixCode(message.slice(0, start).trim());
  const words = wordsOf(message.slice(start));
  const field = (name: string) => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  if (code === undefined || field('PROTO') !== 'TCP' || !words.includes('SYN')) return undefined;
  const isAnswer = words.includes('ACK');
  const client = field(isAnswer ? 'DST' : 'SRC');
  const port = Number(field(isAnswer ? 'SPT' : 'DPT') ?? Number.NaN);
  if (client === undefined || !Number.isInteger(port) || (isAnswer && field('IN') !== '')) return undefined;
  const device = field(isAnswer ? 'OUT' : 'IN') ?? '';
  return { codes: [isAnswer ? 'host/firewall-drops-replies' : code], client, port, data: { device } };
}
