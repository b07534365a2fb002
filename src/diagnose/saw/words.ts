import { greetingWords } from './greetings.js';
import { type Telling, tellingsOf } from './telling.js';
import type { Wording } from './wording.js';
import { httpWords } from './words-http.js';
import { languageWords } from './words-languages.js';
import { netcatWords } from './words-netcat.js';
import { nmapWords } from './words-nmap.js';
import { nodeWords } from './words-node.js';
import { opensshWords } from './words-openssh.js';
import { puttyWords } from './words-putty.js';
import { pythonWords } from './words-python.js';
import { shellWords } from './words-shell.js';
import { shortenedWords, wrapperWords } from './words-wrappers.js';

/** Every wording that is known. The first that a line fits is taken. */
const words: readonly Wording[] = [
  ...opensshWords,
  ...puttyWords,
  ...netcatWords,
  ...nmapWords,
  ...languageWords,
  ...pythonWords,
  ...httpWords,
  ...nodeWords,
  ...shellWords,
  ...wrapperWords,
  ...shortenedWords,
  ...greetingWords,
];

const nears = [...new Set(words.map(({ near }) => near))];
/** Holds any of the literals: one pass over a line that no client wrote. */
const anyNear = new RegExp(nears.map((near) => near.replace(/[^\w\s]/g, '\\$&')).join('|'));

/** The lines of a daemon, which speak of clients in words that clients use. */
const ofServer = /\b(?:sshd|sshd-session|sshd-auth|dropbear)\[\d{1,9}\]|\[preauth\]\s*$/;

export interface Reading {
  readonly wording: Wording;
  /** One for each attempt that the line tells of; never empty. */
  readonly tellings: readonly Telling[];
}

/** What a line of a client says, or undefined where no client that is known writes such a line. */
export function readLine(line: string): Reading | undefined {
  const lower = line.toLowerCase();
  if (!anyNear.test(lower) || ofServer.test(line)) return undefined;
  for (const wording of words) {
    if (!lower.includes(wording.near)) continue;
    const tellings = tellingsOf(wording, line);
    if (tellings.length > 0) return { wording, tellings };
  }
  return undefined;
}
