const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map(Array.from(alphabet, (letter, value) => [letter, value] as const));

/** Whether a text is base64 and nothing else: its letters, blanks between them, and up to two `=` at its end. */
export function isBase64(text: string): boolean {
  const letters = text.replace(/\s+/g, '');
  return letters.length > 0 && letters.length % 4 !== 1 && /^[A-Za-z0-9+/]+$/.test(letters.replace(/={1,2}$/, ''));
}

/** The bytes of a base64 text (RFC 4648, section 4); what is not of its alphabet is passed over, as in Python's decoder. */
export function decodeBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let held = 0;
  let bits = 0;
  for (const letter of text) {
    if (letter === '=') break;
    const value = values.get(letter);
    if (value === undefined) continue;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (held >> bits) & 0xff;
  }
  return bytes.subarray(0, length);
}
