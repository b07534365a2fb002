/** `ESC [ ... letter`: what terminals take for a colour or a movement of the cursor. */
const start = String.fromCharCode(27);
const control = new RegExp(`${start}\\[[0-9;?]*[A-Za-z]`, 'g');

/** The lines of a text, without their ends, the blanks before these, and colours. Takes time in proportion to the text. */
export function linesOf(text: string): string[] {
  const plain = text.includes(start) ? text.replace(control, '') : text;
  return plain.split('\n').map((line) => line.trimEnd());
}

/** The parts of a line between blanks. */
export function wordsOf(line: string): string[] {
  return line.split(/[ \t]/).filter((word) => word !== '');
}
