import { type Stamp, unstamped } from './stamp.js';

/** A line as a person pasted it, without what terminals and loggers add. */
export interface Line {
  readonly text: string;
  readonly stamp?: Stamp;
}

/** No line of a client is longer; one that is comes from a log that holds many. */
const longestLine = 2000;

const ESC = String.fromCharCode(0x1b);
const BEL = String.fromCharCode(0x07);
/** Colours and other orders to a terminal (ECMA-48): CSI, OSC, and two-character escapes. */
const orders = new RegExp(
  `${ESC}(?:\\[[\\d;?]{0,32}[ -/]{0,4}[@-~]|\\][^${BEL}${ESC}]{0,500}(?:${BEL}|${ESC}\\\\)|[@-Z\\\\-_])`,
  'g',
);
/** What acts or hides, but for a tab. */
const controls = /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** What boxes, quotations and log viewers put before a line. */
const framed = /^(?:[\s│┃║|>╷╵]|\* (?=\w+:)){1,40}/;
/** A value of JSON that holds lines, as Ansible prints what ssh said. */
const holdsLines = /"[^"]{0,60}": ?"|\\r\\n/;

/** The lines of a paste. Line feeds, carriage returns and escaped line ends of JSON end one; a long one is taken apart at blanks. */
export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const clean = raw.replace(orders, '').replace(controls, '');
    for (const part of partsOf(clean)) lines.push(lineOf(part));
  }
  return lines;
}

function lineOf(part: string): Line {
  const { text, stamp } = unstamped(part.replace(framed, ''));
  const plain = text.replace(framed, '').trimEnd();
  return stamp === undefined ? { text: plain } : { text: plain, stamp };
}

function partsOf(line: string): readonly string[] {
  const lines =
    line.includes('\\n') && holdsLines.test(line.slice(0, longestLine * 4)) ? line.split(/\\r\\n|\\n/) : [line];
  return lines.flatMap((part) => (part.length > longestLine ? chunks(part) : [part]));
}

/** Pieces of at most `longestLine` characters, cut at a blank where there is one. */
function chunks(line: string): readonly string[] {
  const pieces: string[] = [];
  for (let start = 0; start < line.length; ) {
    const piece = line.slice(start, start + longestLine);
    const blank = start + piece.length < line.length ? piece.lastIndexOf(' ') : -1;
    pieces.push(blank > longestLine / 2 ? piece.slice(0, blank) : piece);
    start += pieces.at(-1)?.length ?? longestLine;
  }
  return pieces;
}
