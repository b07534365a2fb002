import { decodeBase64 } from './base64.js';
import { gunzip } from './gunzip.js';
import type { Known } from './told.js';
import type { UserDataPart } from './user-data-part.js';
import { readYaml } from './yaml.js';

export type Config = Readonly<Record<string, unknown>>;

/** The settings of all parts, merged, and what of them is not known. */
export interface MergedConfig {
  readonly config: Config;
  readonly unread: readonly { readonly at: string; readonly why: string; readonly text: string }[];
}

type ConfigPart = Extract<UserDataPart, { readonly kind: 'cloud-config' }>;

/**
 * The parts of type cloud-config as one: keys of a later part take the place of those before, unless it asks for lists to be joined
 * (documentation of cloud-init, "Merging user data sections": `dict(replace)+list()+str()` is the default).
 */
export function mergeConfigs(parts: readonly ConfigPart[]): MergedConfig {
  let config: Config = {};
  const unread: MergedConfig['unread'][number][] = [];
  for (const part of parts) {
    const read = part.jsonPatch ? undefined : readYaml(part.text);
    if (!read?.known) unread.push({ at: part.at, why: read?.why ?? 'patches are not followed', text: part.text });
    else if (isRecord(read.value)) config = merged(config, read.value, wayOf(part, read.value));
    else if (read.value !== null)
      unread.push({ at: part.at, why: 'it holds no settings, so cloud-init leaves it out', text: '' });
  }
  return { config, unread };
}

type Way = 'replace' | 'append' | 'prepend';

function wayOf(part: ConfigPart, config: Config): Way {
  const asked = part.mergeType ?? config.merge_how ?? config.merge_type;
  const text = typeof asked === 'string' ? asked : JSON.stringify(asked ?? '');
  if (/append/.test(text)) return 'append';
  return /prepend/.test(text) ? 'prepend' : 'replace';
}

function merged(before: Config, after: Config, way: Way): Config {
  const all: Record<string, unknown> = { ...before, ...after };
  if (way === 'replace') return all;
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    if (Array.isArray(old) && Array.isArray(value))
      all[key] = way === 'append' ? [...old, ...value] : [...value, ...old];
  }
  return all;
}

/** A file of `write_files`; `text` is undefined where it is fetched or cannot be unpacked. */
export interface WrittenFile {
  readonly path: string;
  readonly text: string | undefined;
  readonly append: boolean;
  readonly deferred: boolean;
  readonly at: string;
}

/** The files of `write_files`, in their order. What is no entry is left out, as cloud-init does. */
export function writtenFiles(config: Config): readonly WrittenFile[] {
  const entries = config.write_files;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown, index) => {
    if (!isRecord(entry) || typeof entry.path !== 'string') return [];
    const text = contentOf(entry);
    return [
      {
        path: entry.path,
        text: text.known ? text.value : undefined,
        append: entry.append === true,
        deferred: entry.defer === true,
        at: `write_files[${index}]`,
      },
    ];
  });
}

function contentOf(entry: Config): Known<string> {
  const { content = '', encoding = 'text/plain', source } = entry;
  if (source !== undefined) return { known: false, why: 'it is fetched' };
  const name = String(encoding).toLowerCase();
  const bytes =
    content instanceof Uint8Array ? content : /(b64|base64)$/.test(name) ? decodeBase64(String(content)) : undefined;
  if (!name.startsWith('gz')) return { known: true, value: bytes ? new TextDecoder().decode(bytes) : String(content) };
  const open = bytes ? gunzip(bytes) : 'unreadable';
  return typeof open === 'string'
    ? { known: false, why: open }
    : { known: true, value: new TextDecoder().decode(open) };
}

/** The commands of `bootcmd` or `runcmd`: a text for the shell, or the words of one command. */
export function commandsOf(config: Config, key: 'bootcmd' | 'runcmd'): readonly (string | readonly string[])[] {
  const list = config[key];
  if (typeof list === 'string') return [list];
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => (Array.isArray(entry) ? entry.map(wordOf) : wordOf(entry)));
}

/** A command that is neither text nor number makes cloud-init leave the list out; it stands as one that nobody knows. */
function wordOf(entry: unknown): string {
  return typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean' ? String(entry) : '';
}

/** The names of `packages`, whatever installs them. */
export function packagesOf(config: Config): readonly string[] {
  const names = (list: unknown): readonly string[] => {
    if (!Array.isArray(list)) return [];
    return list.flatMap((entry: unknown) => {
      if (typeof entry === 'string') return [entry];
      if (Array.isArray(entry)) return typeof entry[0] === 'string' ? [entry[0]] : [];
      return isRecord(entry) ? Object.values(entry).flatMap(names) : [];
    });
  };
  return names(config.packages);
}

export function isRecord(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
