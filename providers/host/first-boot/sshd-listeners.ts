import { parseAddress } from '../../../src/set/index.js';
import type { BoundListener, Machine } from './machine.js';
import { type Line, type Told, unknownText } from './told.js';

/** What sshd would bind by its files: `broken` where it would not start. */
export type Listeners = Told<readonly BoundListener[]> | 'broken';

interface Settings {
  readonly ports: number[];
  readonly addresses: { readonly address: string; readonly port?: number }[];
  family?: string;
  inMatch: boolean;
  broken: boolean;
  doubt?: { readonly why: string; readonly line: Line };
  by?: Line;
}

const main = '/etc/ssh/sshd_config';
const deepest = 16;

/**
 * What sshd binds by the files of a machine (sshd_config(5); measured: ports add up, also across Include; of AddressFamily the first
 * counts; ListenAddress with a port ignores Port; `*` is the loopback).
 */
export function sshdListeners({ files }: Machine): Listeners {
  const settings: Settings = { ports: [], addresses: [], inMatch: false, broken: false };
  for (const path of ['/etc/default/ssh', '/etc/sysconfig/sshd']) readOptions(files, path, settings);
  readFile(files, main, settings, 0);
  if (settings.doubt) return { known: false, doubt: settings.doubt };
  if (settings.broken) return 'broken';
  const bound = boundOf(settings);
  // An address of a family that AddressFamily leaves out ends sshd.
  return bound ? { known: true, value: bound, ...(settings.by && { by: settings.by }) } : 'broken';
}

function readOptions(files: Machine['files'], path: string, settings: Settings): void {
  const file = files.get(path);
  if (file && !file.known) settings.doubt ??= file.doubt;
  const options = file?.known ? /^\s*(?:SSHD_OPTS|OPTIONS)=(.*)$/m.exec(file.value ?? '') : null;
  if (!options?.[1] || !/-[pofD]|Port/.test(options[1]) || !file?.known) return;
  settings.doubt ??= {
    why: `sshd is started with options of ${path}`,
    line: file.by ?? { at: path, text: options[0] },
  };
}

function readFile(files: Machine['files'], path: string, settings: Settings, depth: number): void {
  const file = files.get(path);
  if (!file) return;
  if (!file.known) settings.doubt ??= file.doubt;
  else if (file.value === null) settings.broken ||= path === main;
  else if (depth > deepest) settings.broken = true;
  else {
    const outer = settings.inMatch;
    for (const line of file.value.split('\n')) readLine(files, line, settings, depth, file.by);
    settings.inMatch = outer;
  }
}

function readLine(
  files: Machine['files'],
  line: string,
  settings: Settings,
  depth: number,
  by: Line | undefined,
): void {
  const hole = line.indexOf(unknownText);
  if (
    hole >= 0 &&
    (!/^\s*[A-Za-z0-9]+[\s=]/.test(line.slice(0, hole)) ||
      /^\s*(port|listenaddress|addressfamily|include)\b/i.test(line))
  ) {
    const at = by ?? { at: main, text: line.trim() };
    settings.doubt ??= { why: 'a line of it holds what nobody knows before it runs', line: at };
    return;
  }
  const match = /^\s*([A-Za-z0-9]+)(?:[ \t]*=[ \t]*|[ \t]+)([^#]*)/.exec(line.replace(/\r$/, ''));
  if (!match?.[1]) return;
  const values = [...(match[2] ?? '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const keyword = match[1].toLowerCase();
  const [value = ''] = values;
  if (keyword === 'include') for (const target of values) readInclude(files, target, settings, depth);
  else if (keyword === 'match') settings.inMatch = value.toLowerCase() !== 'all';
  else if (keyword === 'port' || keyword === 'listenaddress' || keyword === 'addressfamily') {
    if (settings.inMatch || value === '') settings.broken = true;
    settings.by = by ?? settings.by ?? { at: main, text: line.trim() };
    if (keyword === 'port') readPort(value, settings);
    else if (keyword === 'addressfamily') settings.family ??= value.toLowerCase();
    else readAddress(value, settings);
  }
}

function readInclude(files: Machine['files'], target: string, settings: Settings, depth: number): void {
  const path = target.startsWith('/') ? target : `/etc/ssh/${target}`;
  const stars = path.split('*');
  const fits = (name: string) => {
    if (stars.length === 1) return name === path;
    const [start = '', end = ''] = stars;
    return (
      stars.length === 2 && name.startsWith(start) && name.endsWith(end) && !name.slice(start.length).includes('/')
    );
  };
  for (const name of [...files.keys()].filter(fits).sort()) {
    if (name !== main) readFile(files, name, settings, depth + 1);
  }
}

function readPort(value: string, settings: Settings): void {
  const port = value === 'ssh' ? 22 : Number(value);
  if (/^\d{1,6}$|^ssh$/.test(value) && port > 0 && port < 65_536) settings.ports.push(port);
  else settings.broken = true;
}

function readAddress(value: string, settings: Settings): void {
  const [, bracketed, bracketedPort] = /^\[([^\]]+)\](?::(\d+))?$/.exec(value) ?? [];
  const [, plain, plainPort] = /^([^:]+)(?::(\d+))?$/.exec(value) ?? [];
  const address = bracketed ?? plain ?? value;
  const port = bracketedPort ?? plainPort;
  if (address !== '*' && !parseAddress(address)) {
    settings.doubt ??= {
      why: 'sshd listens on what a name resolves to',
      line: settings.by ?? { at: main, text: value },
    };
    return;
  }
  settings.addresses.push({ address, ...(port !== undefined && { port: Number(port) }) });
}

function boundOf({ ports, addresses, family = 'any' }: Settings): readonly BoundListener[] | undefined {
  const all = ports.length > 0 ? ports : [22];
  const families = family === 'inet' ? [4 as const] : family === 'inet6' ? [6 as const] : [4 as const, 6 as const];
  if (addresses.length === 0) return all.map((port) => ({ address: 'any', port, families }));
  if (addresses.some(({ address }) => address !== '*' && !isOf(address, families))) return undefined;
  return addresses.flatMap(({ address, port }) =>
    (port === undefined ? all : [port]).flatMap((each) => listener(address, each, families)),
  );
}

function isOf(address: string, families: readonly (4 | 6)[]): boolean {
  const family = parseAddress(address)?.family;
  return family !== undefined && families.includes(family);
}

function listener(address: string, port: number, families: readonly (4 | 6)[]): readonly BoundListener[] {
  if (address === '*') {
    return families.map((family) => ({ address: family === 4 ? '127.0.0.1' : '::1', port, families: [family] }));
  }
  const family = parseAddress(address)?.family;
  if (family === undefined || !families.includes(family)) return [];
  const isAny = address === '0.0.0.0' || address === '::';
  return [{ address: isAny ? 'any' : address, port, families: [family] }];
}
