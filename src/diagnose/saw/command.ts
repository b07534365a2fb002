import type { ClientTool } from '../../model/index.js';
import { familyOf } from './telling.js';
import type { Told } from './wording.js';

/** What a line in which a person starts a client tells of the run. */
export type Command = Told;

const programs: Readonly<Record<string, ClientTool>> = {
  ssh: 'openssh',
  scp: 'openssh',
  sftp: 'openssh',
  'ssh-copy-id': 'openssh',
  'ssh-keyscan': 'openssh',
  rsync: 'openssh',
  mosh: 'openssh',
  autossh: 'openssh',
  git: 'git',
  plink: 'putty',
  pscp: 'putty',
  psftp: 'putty',
  putty: 'putty',
  nc: 'nc',
  netcat: 'nc',
  'nc.openbsd': 'nc',
  'nc.traditional': 'nc',
  ncat: 'ncat',
  curl: 'curl',
  telnet: 'telnet',
  bash: 'bash',
  node: 'node',
  'Test-NetConnection': 'powershell',
  tnc: 'powershell',
  wget: 'unknown',
  nmap: 'unknown',
  ansible: 'openssh',
  'ansible-playbook': 'openssh',
  python: 'unknown',
  python3: 'unknown',
};

/** A prompt of sh, bash, zsh, fish, cmd.exe or PowerShell. */
const prompt =
  /^(?:(?<windows>PS [A-Z]:\\[^>]{0,200}> ?|[A-Z]:\\[^>]{0,200}>)|(?:\([\w.-]{1,40}\) )?(?:\[[^\]]{1,120}\][$#%] ?|[\w.-]{1,64}@[\w.-]{1,120}[: ][^$#%>]{0,160}[$#%>] |[\w.:~/-]{0,80} ?[$#%] |[❯➜λ»] (?:\S{1,60} )?))/u;
const before =
  /^(?:(?:time|sudo|busybox|env|exec|command|nohup|strace|proxychains4?|watch|torsocks)\s+|timeout\s+(?:-\S+\s+)*\S+\s+|[A-Z_]{1,40}=\S{0,200}\s+)/;
const longestCommand = 4000;

/** What the line tells if somebody starts a client in it: behind a prompt, or alone with options or a name that has a dot or an `@`. */
export function readCommand(line: string): Command | undefined {
  if (line.length > longestCommand) return undefined;
  const shell = prompt.exec(line);
  let text = shell === null ? line : line.slice(shell[0].length);
  for (let match = before.exec(text); match !== null; match = before.exec(text)) text = text.slice(match[0].length);
  const windows: Told = shell?.groups?.windows === undefined ? {} : { os: 'windows' };
  const device = /^[^:]{0,200}?(?:>|<|<>)\s?\/dev\/tcp\/(?<host>[^/\s'"]{1,255})\/(?<port>\d{1,5})/.exec(text)?.groups;
  if (device !== undefined) return { tool: 'bash', ...named(device.host), port: Number(device.port) };
  const [first = ''] = /^\S{0,300}/.exec(text) ?? [];
  const name = first.replace(/^.*[/\\]/, '').replace(/\.exe$/i, '');
  const tool = Object.hasOwn(programs, name) ? programs[name] : undefined;
  if (tool === undefined) return shell === null || /^[\w.:~/-]{0,80} ?[%#] $/.test(shell[0]) ? undefined : windows;
  const words = wordsOf(text);
  if (shell === null && !isCommandLine(words)) return undefined;
  return { ...windows, ...optionsOf(name, tool, words.slice(1)) };
}

/** A sentence may begin with the name of a program. */
function isCommandLine(words: readonly string[]): boolean {
  const second = words[1] ?? '';
  return (
    /^-\w|^-[46]|@|^\w+:\/\//.test(second) ||
    (/^[\w:-]+(?:\.[\w-]+)+$|^[\da-fA-F:]*::[\da-fA-F:]*$/.test(second) && words.length <= 3)
  );
}

/** Shell words, with quotation marks taken off. */
function wordsOf(text: string): readonly string[] {
  const found = text.matchAll(/(?:"[^"]{0,1000}"|'[^']{0,1000}'|[^\s"'])+/g);
  return [...found].map(([word]) => word.replace(/["']/g, ''));
}

const withValue: Readonly<Record<string, string>> = {
  ssh: 'BbcDEeFIiJLlmOoPpQRSWw',
  scp: 'cDFiJloPS',
  sftp: 'BbcDFiJloPRSs',
  nc: 'IiMmOPpqsTVwXx',
  curl: 'AbCcDdeFHhKmoPrTtUuwXxYyz',
  nmap: 'pTgSDe',
  plink: '',
};

function optionsOf(name: string, tool: ClientTool, words: readonly string[]): Told {
  const kind = tool === 'nc' || tool === 'ncat' ? 'nc' : tool === 'putty' ? 'plink' : name;
  if (tool === 'powershell') return powershell(words);
  const told: Options = { tool };
  const rest: string[] = [];
  const flags = new Set<string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!/^-./.test(word)) {
      rest.push(word);
      // What follows the name is the command that runs there.
      if (kind === 'ssh') break;
      continue;
    }
    if (word.startsWith('--') || kind === 'plink' || kind === 'nmap') {
      const [option = '', inline] = word.split('=', 2);
      if (setLong(told, option, inline ?? words[i + 1] ?? '') && inline === undefined) i++;
      continue;
    }
    const valued = withValue[kind] ?? '';
    let taken = 1;
    while (taken < word.length && !valued.includes(word.charAt(taken))) flags.add(word.charAt(taken++));
    if (taken >= word.length) continue;
    const value = word.slice(taken + 1) || (words[++i] ?? '');
    setShort(told, kind, word.charAt(taken), value);
  }
  return { ...told, ...seen(kind, tool, flags, rest), ...targetOf(kind, rest, told) };
}

type Options = { -readonly [key in keyof Told]: Told[key] };

function setShort(told: Options, kind: string, option: string, value: string): void {
  const number = Number(value);
  if (kind === 'ssh' && option === 'p') setPort(told, number);
  else if ((kind === 'scp' || kind === 'sftp') && option === 'P') setPort(told, number);
  else if (kind === 'nc' && option === 'w') setTimer(told, value);
  else if (kind === 'curl' && option === 'm') setTimer(told, value);
  else if (option === 'J' && kind !== 'nc' && kind !== 'curl') told.through = 'jump-host';
  else if (option === 'o' && kind !== 'curl') setSshOption(told, value);
}

function setSshOption(told: Options, text: string): void {
  const match = /^\s*(?<key>\w{2,40})\s*[=\s]\s*(?<value>.{1,1000})$/.exec(text)?.groups;
  const { key = '', value = '' } = match ?? {};
  switch (key.toLowerCase()) {
    case 'connecttimeout':
      setTimer(told, value);
      break;
    case 'port':
      setPort(told, Number(value));
      break;
    case 'proxyjump':
      if (value !== 'none') told.through = 'jump-host';
      break;
    case 'proxycommand':
      if (value !== 'none') told.through = /\bssh\b.*\s-W/.test(value) ? 'jump-host' : 'proxy-command';
      break;
    case 'loglevel':
      if (/^(?:verbose|debug\d?)$/i.test(value)) told.showsGreeting = /^debug/i.test(value);
      break;
  }
}

/** Whether the next word belongs to the option. */
function setLong(told: Options, option: string, value: string): boolean {
  if (option === '--connect-timeout' || option === '--max-time' || option === '--timeout') setTimer(told, value);
  else if (option === '-P' || option === '-p' || option === '--port') setPort(told, Number(value));
  else return option === '-i' || option === '-l' || option === '-pw' || option === '-hostkey';
  return true;
}

function setPort(told: Options, port: number): void {
  if (Number.isInteger(port) && port > 0 && port < 65_536) told.port = port;
}

/** No timer is set by 0, or by a text that is no number of seconds or minutes. */
function setTimer(told: Options, value: string): void {
  const match = /^(?<number>\d{1,7}(?:\.\d{1,3})?)(?<minutes>m?)/.exec(value)?.groups;
  const timer = Math.round(Number(match?.number ?? 0) * (match?.minutes === 'm' ? 60_000 : 1000));
  if (timer > 0) told.timer = timer;
}

/** ssh -v, and programs that print what they read. */
function seen(kind: string, tool: ClientTool, flags: ReadonlySet<string>, rest: readonly string[]): Told {
  if (kind === 'ssh' || kind === 'scp' || kind === 'sftp') return flags.has('v') ? { showsGreeting: true } : {};
  if (tool === 'nc' || tool === 'ncat') return { showsGreeting: !flags.has('z') };
  if (tool === 'curl') return rest.some((word) => word.startsWith('telnet://')) ? { showsGreeting: true } : {};
  return tool === 'telnet' ? { showsGreeting: true } : {};
}

/** The host that the words behind the options name, and its port. */
function targetOf(kind: string, rest: readonly string[], { port }: Options): Told {
  const [first = '', second = ''] = rest;
  if (kind === 'nc' || kind === 'telnet') {
    const number = Number(second);
    return { ...named(first), ...(number > 0 && number < 65_536 && { port: number }) };
  }
  const url =
    /(?:^|\s)(?:[a-z]{2,10}:\/\/)(?:[^\s@/]{1,200}@)?(?<host>\[[^\]]{2,60}\]|[^\s/:]{1,255})(?::(?<port>\d{1,5}))?/.exec(
      rest.join(' '),
    );
  if (url?.groups !== undefined) {
    const number = Number(url.groups.port ?? 0);
    return {
      ...named(url.groups.host),
      ...(number > 0 && number < 65_536 && port === undefined && { port: number }),
    };
  }
  if (kind === 'ssh' || kind === 'sftp' || kind === 'plink') return named(first.replace(/^[^@]{0,200}@/, ''));
  return {};
}

function named(host: string | undefined): Told {
  if (host === undefined || !/^[\w.:%[\]-]{1,255}$/.test(host)) return {};
  const plain = host.replace(/^\[|\]$/g, '');
  const family = familyOf(plain);
  return family === undefined ? { host: plain } : { host: plain, address: plain, family };
}

function powershell(words: readonly string[]): Told {
  const told: Options = { tool: 'powershell', os: 'windows' };
  let host = words.find((word) => !word.startsWith('-'));
  for (const [index, word] of words.entries()) {
    if (/^-ComputerName$/i.test(word)) host = words[index + 1];
    if (/^-Port$/i.test(word)) setPort(told, Number(words[index + 1]));
  }
  return { ...told, ...named(host) };
}
