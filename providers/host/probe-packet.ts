/** The longest packet that every implementation takes is 35000 bytes (RFC 4253, section 6.1); KEXINIT stays far below. */
const longestPacket = 35_000;

const DISCONNECT = 1;
const KEXINIT = 20;
const BY_APPLICATION = 11;

/**
 * - `kexinit`: the server's half of the key exchange is whole;
 * - `disconnect`: it says goodbye, with `text`;
 * - `garbage`: what follows the identification is no packet;
 * - `more`: nothing is whole yet.
 */
export type Packet =
  | { readonly kind: 'kexinit' | 'garbage' | 'more' }
  | { readonly kind: 'disconnect'; readonly text: string };

/** The description in a disconnect message (RFC 4253, section 11.1): after type and reason, with its length before it. */
function farewellIn(payload: Buffer): string {
  if (payload.length < 9) return '';
  return payload.subarray(9, 9 + payload.readUInt32BE(5)).toString('utf8');
}

/** Reads the packets after an identification, which are not encrypted yet (RFC 4253, section 6). Other messages are passed over. */
export function packetReader(): (bytes: Buffer) => Packet {
  let pending: Buffer = Buffer.alloc(0);
  return (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    while (pending.length >= 6) {
      const length = pending.readUInt32BE(0);
      const padding = pending.readUInt8(4);
      if (length > longestPacket || padding + 2 > length) return { kind: 'garbage' };
      if (pending.length < 4 + length) return { kind: 'more' };
      const payload = pending.subarray(5, 4 + length - padding);
      const type = payload.readUInt8(0);
      if (type === KEXINIT) return { kind: 'kexinit' };
      if (type === DISCONNECT) return { kind: 'disconnect', text: farewellIn(payload) };
      pending = pending.subarray(4 + length);
    }
    return { kind: 'more' };
  };
}

/** A disconnect message by which the server logs that the client left on purpose. */
export function goodbye(): Buffer {
  const text = Buffer.from('port22 probe');
  const payload = Buffer.alloc(1 + 4 + 4 + text.length + 4);
  payload.writeUInt8(DISCONNECT, 0);
  payload.writeUInt32BE(BY_APPLICATION, 1);
  payload.writeUInt32BE(text.length, 5);
  text.copy(payload, 9);
  // Length, padding length, payload and padding are a multiple of 8 together, with 4 bytes of padding or more.
  const padding = 4 + ((8 - ((5 + payload.length + 4) % 8)) % 8);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + payload.length + padding, 0);
  head.writeUInt8(padding, 4);
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}
