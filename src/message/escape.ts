/** What a terminal obeys or hides: control characters, bidirectional overrides and other invisible characters. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/** Makes untrusted text safe for a terminal: what acts or hides is shown as `\u{..}`, never sent. */
export function escapeText(text: string): string {
  return text.replace(unsafe, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

const printable = /^[\x20-\x7e]*$/;

/** The same JSON with what acts on a terminal, or hides there, written as escapes. `text` holds no line feeds outside of strings. */
export function escapeJson(text: string): string {
  if (printable.test(text)) return text;
  return text.replace(unsafe, (character) =>
    Array.from(
      { length: character.length },
      (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
