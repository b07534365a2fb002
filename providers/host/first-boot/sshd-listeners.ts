import { formatAddress } from '../../../src/set/index.js';
import { argumentsOfVariables } from '../sshd/arguments.js';
import type { SshdConfig } from '../sshd/config-result.js';
import type { Bind } from '../sshd/listen-address.js';
import { readSshdConfig } from '../sshd/sshd-config.js';
import type { BoundListener, Machine } from './machine.js';
import { type Doubt, type Line, type Told, told, unknownText } from './told.js';

/** What sshd would bind by its files: `broken` where it would not start. */
export type Listeners = Told<readonly BoundListener[]> | 'broken';

const main = '/etc/ssh/sshd_config';
const variables = ['/etc/default/ssh', '/etc/sysconfig/sshd', '/etc/conf.d/sshd'];

/**
 * What sshd binds by the files of a machine. Files of the image that nobody wrote (`50-cloud-init.conf`, `50-redhat.conf`) are taken
 * to say nothing of ports, as those of the distributions do.
 */
export function sshdListeners({ files }: Machine): Listeners {
  const texts = new Map<string, string>();
  const unread = new Set<string>();
  const absent = new Set<string>();
  const ofSshd = [...files].filter(([path]) => path.startsWith('/etc/ssh/') || variables.includes(path));
  for (const [path, file] of ofSshd) {
    if (!file.known) unread.add(path);
    else if (file.value === null) absent.add(path);
    else texts.set(path, withoutHoles(file.value));
  }
  for (const text of texts.values()) for (const target of includesOf(text)) absent.add(target);
  const options = variables.find((path) => unread.has(path) || texts.get(path)?.includes(unknownText));
  if (options)
    return { known: false, doubt: doubtOf(files, options, `which options ${options} gives sshd is not known`) };
  if (absent.has(main)) return 'broken';
  const args = variables.flatMap((path) => argumentsOfVariables(texts.get(path) ?? ''));
  return listenersOf(readSshdConfig(texts, { arguments: args, absent, unread }), files);
}

function listenersOf({ binds, lines }: SshdConfig, files: Machine['files']): Listeners {
  if (!binds.known) {
    const odd = [...files].find(([path, file]) => path.startsWith('/etc/ssh/sshd_config') && isOdd(file));
    return { known: false, doubt: doubtOf(files, odd?.[0] ?? main, binds.why) };
  }
  if (binds.binds.length === 0) return 'broken';
  const by = lines.flatMap(({ file }) => files.get(file) ?? []).findLast((file) => file.known && file.by);
  return told(boundOf(binds.binds), by?.known ? by.by : undefined);
}

function isOdd(file: Told<string | null>): boolean {
  return !file.known || (file.value?.includes(unknownText) ?? false);
}

function doubtOf(files: Machine['files'], path: string, why: string): Doubt {
  const file = files.get(path);
  if (file && !file.known) return file.doubt;
  const line: Line = file?.by ?? { at: path, text: '' };
  return { why, line };
}

/** A value that nobody knows is no matter where its setting is none of those that decide. */
function withoutHoles(text: string): string {
  if (!text.includes(unknownText)) return text;
  const lines = text.split('\n').map((line) => {
    const keyword = /^\s*([A-Za-z0-9]+)[\s=]/.exec(line)?.[1]?.toLowerCase();
    const decides = keyword === undefined || /^(port|listenaddress|addressfamily|include|match)$/.test(keyword);
    return decides ? line : line.replaceAll(unknownText, 'x');
  });
  return lines.join('\n');
}

function includesOf(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*include[ \t=]+(.*)$/gim)].flatMap(([, targets = '']) =>
    targets
      .split(/[\s"]+/)
      .filter(Boolean)
      .map((target) => (target.startsWith('/') ? target : `/etc/ssh/${target}`)),
  );
}

/** One entry for both families where sshd binds every address of each. */
function boundOf(binds: readonly Bind[]): readonly BoundListener[] {
  const ports = (of: Bind['address']) => binds.filter(({ address }) => address === of).map(({ port }) => port);
  const [v4, v6] = [ports('any4'), ports('any6')];
  const bound: BoundListener[] = [];
  for (const { address, port } of binds) {
    if (typeof address === 'object') bound.push({ address: formatAddress(address), port, families: [address.family] });
    else if (address === 'any6') bound.push({ address: 'any', port, families: v4.includes(port) ? [4, 6] : [6] });
    else if (!v6.includes(port)) bound.push({ address: 'any', port, families: [4] });
  }
  return bound;
}
