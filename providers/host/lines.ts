/** `ESC [ ... letter`: what terminals take for a colour or a movement of the cursor. */
const start = String.fromCharCode(27);
const control = new RegExp(`${start}\\[[0-9;?]*[A-Za-z]`, 'g');

/** The lines that a tool printed, without their ends, the blanks before these, and colours. Takes time in proportion to the text. */
export function linesOf(text: string): string[] {
  const plain = text.includes(start) ? text.replace(control, '') : text;
  return plain.split('\n').map((line) => line.trimEnd());
}

/** The parts of a line between blanks. */
export function wordsOf(line: string): string[] {
  return line.split(/[ \t]/).filter((word) => word !== '');
}

/**
 * The lines of a file as they are, without their ends, `\n` or `\r\n`: a blank behind a backslash counts. An empty text has none; what
 * follows the last end is a line if it is not empty.
 */
export function fileLines(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}
