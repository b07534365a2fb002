/**
 * Makes untrusted text safe for a terminal: control characters, bidirectional overrides and other invisible characters are
 * shown as `\u{..}`, never sent.
 */
export function escapeText(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
