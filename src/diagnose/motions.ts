import { type CauseCode, type KnownCause, type Look, type Motion, opens } from '../model/index.js';

/** What a cause moves on the machine beside what its place and its look do. */
const ofCode: Readonly<Partial<Record<CauseCode, readonly Motion[]>>> = {
  'host/accept-queue-full': ['segments', 'answers', 'overflows', 'drops'],
  'host/syn-queue-full': ['segments', 'answers', 'drops'],
  'host/no-return-route': ['segments', 'answers'],
  'host/firewall-drops-replies': ['segments'],
  'host/unit-address-deny': ['segments'],
  'host/reverse-path-filter': ['reverse-path'],
  // Through a proxy or behind a filter, and at the machine all the same.
  'path/proxy-without-listener': ['packets', 'segments', 'resets'],
  'path/only-first-packet': ['packets', 'segments', 'answers'],
  'path/payload-filter': ['packets', 'segments', 'connections'],
  'path/mtu-to-client': ['packets', 'segments', 'connections'],
  'path/mtu-to-server': ['packets', 'segments', 'connections'],
};

/** Filters of a device, and tc and XDP, take packets before they are counted. */
const uncounted: ReadonlySet<CauseCode> = new Set(['host/firewall-early']);

/** What refuses by a message of the stack. A ban and a limit may refuse by a reset as well, which is not counted. */
const byMessage: ReadonlySet<CauseCode> = new Set([
  'host/firewall-rejects',
  'host/firewall-prohibits',
  'host/firewall-prohibits-ipv6',
  'host/firewall-net-unreachable',
  'host/firewall-protocol-unreachable',
]);

/**
 * What moves on the machine when a cause shows itself in this way: where one of these stood still, it was not the cause. A cause
 * on the way or on the client moves nothing, but for those that let packets through.
 */
export function motionsOf({ code, place }: KnownCause, look: Look): readonly Motion[] {
  const own = ofCode[code] ?? [];
  if (place === 'path' || place === 'client' || uncounted.has(code)) return own;
  if (byMessage.has(code)) return ['packets', 'messages', ...own];
  if (opens(look)) return ['packets', 'segments', 'connections', ...own];
  if (place === 'firewall') return ['packets', ...own];
  // Who waits in a queue that has room is not kept from connecting (measured: the 130th is).
  if (look.symptom === 'times-out' && place === 'daemon') return ['packets', 'segments', 'overflows', ...own];
  return ['packets', 'segments', ...(look.answer === 'rst' ? (['resets'] as const) : []), ...own];
}
