import type { Symptom } from '../../model/index.js';
import type { Wording } from './wording.js';

/** The texts that sshd itself sends in place of its greeting when it drops a connection: 8.2 to 9.7, and 9.8 and newer (measured). */
const dropped = /^(?:Exceeded MaxStartups|Not allowed at this time)\s*$/;
const ssh = /^SSH-(?:2\.0|1\.99)-/;
/** HTTP, SMTP and FTP, POP3, IMAP, VNC, MySQL's and others' first words; SSH 1; TLS. */
const others = /^(?:HTTP\/\d|<!doctype|<html|[25]\d\d[ -]|\+OK|\* OK|RFB \d|SSH-1\.[0-8])/i;

/** What a first line means, or undefined where it is an SSH greeting. An unknown text may be of a wrapper (`twist`) or another service. */
export function greetingSymptoms(greeting: string): readonly Symptom[] | undefined {
  if (ssh.test(greeting)) return undefined;
  if (dropped.test(greeting)) return ['banner-text'];
  return others.test(greeting) ? ['not-ssh'] : ['banner-text', 'not-ssh'];
}

/** First lines of servers as nc, telnet and curl print them, or pasted alone: only such as no person would write. */
export const greetingWords: readonly Wording[] = [
  { near: 'ssh-', pattern: /^(?<greeting>SSH-\d\.\d{1,2}-\S.{0,250})$/, role: 'greets' },
  { near: 'maxstartups', pattern: /^(?<greeting>Exceeded MaxStartups)\s*$/, role: 'greets' },
  { near: 'not allowed at this time', pattern: /^(?<greeting>Not allowed at this time)\s*$/, role: 'greets' },
  { near: 'http/', pattern: /^(?<greeting>HTTP\/[12](?:\.\d)? [1-5]\d\d\b.{0,200})$/, role: 'greets' },
  { near: '220', pattern: /^(?<greeting>220[ -]\S.{0,200})$/, role: 'greets' },
  { near: 'rfb ', pattern: /^(?<greeting>RFB \d{3}\.\d{3})\s*$/, role: 'greets' },
];
