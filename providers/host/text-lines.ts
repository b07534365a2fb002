/** The lines of a text without their ends, `\n` or `\r\n`. An empty text has none; what follows the last end is a line if it is not empty. */
export function textLines(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}
