/** `ESC [ ... letter`: what terminals take for a colour or a movement of the cursor. */
const control = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');

/** The lines of a text, without their ends, the blanks before these, and colours. Takes time in proportion to the text. */
export function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.replace(control, '').trimEnd());
}

/** The parts of a line between blanks. */
export function wordsOf(line: string): string[] {
  return line.split(/[ \t]/).filter((word) => word !== '');
}
