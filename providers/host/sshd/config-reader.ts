import type { SshdArguments } from './arguments.js';
import { configArguments, configLine } from './config-line.js';
import type { ConfigError, ListenLine, SshdConfigOptions } from './config-result.js';
import { filesOf, isGlob } from './file-glob.js';
import { type Keyword, keywords } from './keywords.js';
import { type AddressFamily, listenAddress, portOf } from './listen-address.js';
import { matchLine } from './match-line.js';

const folder = '/etc/ssh';
/** Constants of sshd: MAX_PORTS, SERVCONF_MAX_DEPTH. */
const mostPorts = 256;
const deepest = 16;
/** No configuration that is meant has so many lines; files that include one another many times have. */
const mostLines = 100_000;

const forms = { integer: /^\s*[+-]?\d{1,9}$/, time: /^(?:\d{1,8}[smhdwSMHDW]?)+$|^none$/ };

interface Place {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

interface Directive extends Place {
  readonly keyword: string;
  readonly args: readonly string[];
  readonly rest: string;
}

/** The state of sshd while it reads its configuration: what was said first, what adds up, and where it stopped. */
export class ConfigReader {
  readonly ports: number[] = [];
  readonly listenAddresses: { host: string; port?: number; rdomain?: string; at: Place }[] = [];
  readonly errors: ConfigError[] = [];
  readonly lines: ListenLine[] = [];
  /** Why what was read may not be all. */
  readonly doubts: string[] = [];
  addressFamily: AddressFamily | undefined;
  private readonly subsystems = new Set<string>();
  private portsAreFixed = false;
  /** A fatal error was met: sshd has ended. */
  private ended = false;
  private read = 0;
  private readonly files: ReadonlyMap<string, string>;
  private readonly options: SshdConfigOptions;

  constructor(files: ReadonlyMap<string, string>, options: SshdConfigOptions) {
    this.files = files;
    this.options = options;
  }

  /** `-p N` puts all Port lines that follow out of force; `-o Port=N` is a Port before those of the file (measured). */
  readCommandLine({ settings }: SshdArguments): void {
    for (const { kind, text } of settings) {
      const at = { file: 'command-line', line: 0, text };
      if (kind === 'family') this.addressFamily = text === 'inet' ? 'inet' : 'inet6';
      else if (kind === 'option') this.readLine(at, { active: true, never: false, depth: 0 });
      else {
        this.portsAreFixed = true;
        this.addPort(text, at, 'Bad port number.');
      }
    }
  }

  readMain(path: string): void {
    if (this.ended) return;
    const text = this.files.get(path);
    if (text === undefined) this.doubts.push(`${path} is not in the evidence`);
    else this.readFile(path, text, { active: true, never: false, depth: 0 });
  }

  private readFile(file: string, text: string, state: Reading): void {
    const before = this.sureErrors();
    if (state.depth > deepest) {
      this.stop({ file, line: 0, text: '' }, 'Too many recursive configuration includes', true);
      return;
    }
    for (const [i, line] of text.split('\n').entries()) {
      if (this.ended) return;
      if (++this.read > mostLines) {
        this.doubts.push('the configuration is longer than is read');
        this.ended = true;
        return;
      }
      this.readLine({ file, line: i + 1, text: line.endsWith('\r') ? line.slice(0, -1) : line }, state);
    }
    // sshd counts the errors of a file, and ends behind it.
    if (this.sureErrors() > before) this.ended = true;
  }

  private sureErrors(): number {
    return this.errors.filter(({ sure }) => sure).length;
  }

  private readLine(at: Place, state: Reading): void {
    if (at.text.includes('\u0000')) {
      this.doubts.push(`line ${at.line} of ${at.file} holds a zero byte`);
      return;
    }
    const line = configLine(at.text);
    if (line.kind === 'nothing') return;
    if (line.kind === 'no-argument') {
      this.fail(at, `no argument after keyword "${line.keyword}"`);
      return;
    }
    const name = line.keyword.toLowerCase();
    const keyword = keywords.get(name);
    if (keyword === undefined) {
      const foreign = !/^[a-z0-9]+$/.test(name);
      this.fail(at, `Bad configuration option: ${line.keyword}`, foreign);
      return;
    }
    const args = configArguments(line.rest);
    if (args === undefined) {
      this.fail(at, 'invalid quotes');
      return;
    }
    if (!state.active && !keyword.inMatch) {
      const listens = name === 'port' || name === 'listenaddress' || name === 'addressfamily';
      this.stop(at, `Directive '${line.keyword}' is not allowed within a Match block`, listens);
      return;
    }
    this.apply({ ...at, keyword: line.keyword, args, rest: line.rest }, name, keyword, state);
  }

  private apply(directive: Directive, name: string, keyword: Keyword, state: Reading): void {
    if (name === 'match') {
      this.match(directive, state);
      return;
    }
    if (name === 'include') {
      this.include(directive, state);
      return;
    }
    const [value = '', ...extra] = directive.args;
    if (value === '' && name !== 'port' && name !== 'listenaddress') {
      this.stop(directive, 'missing argument.', keyword.single === true);
      return;
    }
    if (keyword.values) {
      if (!keyword.values.includes(value.toLowerCase())) {
        this.stop(directive, `unsupported option "${value}".`, true);
        return;
      }
    }
    if (keyword.form && !forms[keyword.form].test(value)) {
      const message = keyword.form === 'time' ? 'invalid time value.' : `${directive.keyword} integer value invalid.`;
      this.stop(directive, message, true);
      return;
    }
    if (keyword.algorithms && !this.knowsAlgorithms(directive, keyword, value)) return;
    if (name === 'subsystem') this.subsystem(directive, value);
    if (name === 'port') this.port(directive, value);
    if (name === 'listenaddress') {
      this.listenAddress(directive);
      return;
    }
    if (name === 'addressfamily') this.family(directive, value);
    const isTooMuch = keyword.single !== false && extra.length > 0 && !(name === 'port' && this.portsAreFixed);
    if (!isTooMuch || this.ended) return;
    this.fail(directive, `keyword ${directive.keyword} extra arguments at end of line`, keyword.single === true);
  }

  /** Before 9.5 a second one of a name stops sshd. */
  private subsystem(directive: Directive, name: string): void {
    if (this.subsystems.has(name)) this.stop(directive, `Subsystem '${name}' already defined.`, false);
    this.subsystems.add(name);
  }

  private port(directive: Directive, value: string): void {
    if (this.portsAreFixed) return;
    if (value === '') {
      this.stop(directive, 'missing port number.', true);
      return;
    }
    this.note('port', directive);
    this.addPort(value, directive, 'Badly formatted port number.');
  }

  private addPort(text: string, at: Place, message: string): void {
    const port = portOf(text);
    if (this.ports.length >= mostPorts) this.stop(at, 'too many ports.', true);
    else if (port === undefined) this.stop(at, message, true);
    else if (port === 'name') this.doubts.push(`the port ${text} is a name`);
    else this.ports.push(port);
  }

  private listenAddress(directive: Directive): void {
    const parsed = listenAddress(directive.args);
    if (parsed.kind === 'error') {
      this.stop(directive, parsed.message, true);
      return;
    }
    this.note('listenaddress', directive);
    if (parsed.kind === 'unknown') this.doubts.push(parsed.why);
    else {
      const { file, line, text } = directive;
      const { host, port, rdomain } = parsed;
      const at = { file, line, text };
      this.listenAddresses.push({
        host,
        at,
        ...(port !== undefined && { port }),
        ...(rdomain !== undefined && { rdomain }),
      });
    }
    const taken = directive.args[1] === 'rdomain' ? 3 : 1;
    if (directive.args.length > taken) {
      this.fail(directive, `keyword ${directive.keyword} extra arguments at end of line`);
    }
  }

  private family(directive: Directive, value: string): void {
    if (this.addressFamily !== undefined) return;
    this.note('addressfamily', directive);
    const family = value.toLowerCase();
    this.addressFamily = family === 'inet' || family === 'inet6' ? family : 'any';
  }

  private knowsAlgorithms(directive: Directive, { algorithms }: Keyword, value: string): boolean {
    const list = value.replace(/^[+^]/, '').split(',');
    if (algorithms === undefined || value.startsWith('-') || list.every((name) => algorithms.names.includes(name)))
      return true;
    this.stop(directive, `Bad SSH2 ${algorithms.word} spec '${value}'.`, value === '');
    return false;
  }

  private match(directive: Directive, state: Reading): void {
    const matched = matchLine(directive.rest);
    if (matched.kind === 'error') {
      this.stop(directive, 'Bad Match condition', matched.sure);
      return;
    }
    state.active = matched.kind === 'all' && !state.never;
  }

  private include(directive: Directive, state: Reading): void {
    if (directive.args.length === 0) {
      this.fail(directive, `keyword ${directive.keyword} missing filename argument`);
      return;
    }
    for (const argument of directive.args) {
      if (this.ended) return;
      if (argument === '') {
        this.fail(directive, `keyword ${directive.keyword} empty argument`);
        return;
      }
      const pattern = /^[/~]/.test(argument) ? argument : `${folder}/${argument}`;
      this.includeFiles(pattern, directive, state);
    }
  }

  private includeFiles(pattern: string, { file, line }: Place, state: Reading): void {
    const { absent, unread } = this.options;
    const paths = isGlob(pattern)
      ? filesOf(pattern, new Set([...this.files.keys(), ...(unread ?? [])]))
      : this.files.has(pattern) || unread?.has(pattern)
        ? [pattern]
        : [];
    if (paths.length === 0 && !absent?.has(pattern)) {
      this.doubts.push(`${pattern}, which line ${line} of ${file} includes, is not in the evidence`);
    }
    for (const path of paths) {
      if (this.ended) return;
      const text = this.files.get(path);
      if (text === undefined) this.doubts.push(`${path} could not be read`);
      // Match blocks of an included file end with it; within a block that does not apply, none of its own does.
      else
        this.readFile(path, text, {
          active: state.active,
          never: state.never || !state.active,
          depth: state.depth + 1,
        });
    }
  }

  private note(keyword: ListenLine['keyword'], { file, line, text }: Place): void {
    this.lines.push({ keyword, file, line, text });
  }

  /** An error that sshd counts: it reads on to the end of the file. */
  private fail({ file, line, text }: Place, message: string, sure = true): void {
    this.errors.push({ file, line, text, message, code: 'host/bad-config', sure });
  }

  /** An error at which sshd ends at once. What only may be one does not hide what follows. */
  private stop(at: Place, message: string, sure: boolean): void {
    this.fail(at, message, sure);
    if (sure) this.ended = true;
  }
}

interface Reading {
  /** Outside of Match blocks, or in one that always applies. */
  active: boolean;
  /** Within a file that a Match block includes. */
  readonly never: boolean;
  readonly depth: number;
}
