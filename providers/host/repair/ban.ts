import type { AddressSet } from '../../../src/set/index.js';
import { fail2ban, type Jail } from '../fail2ban.js';
import { fileLines } from '../lines.js';
import { changedMachine, type Machine } from '../machine.js';
import type { FilterRule } from '../netfilter/ruleset.js';
import { partOf } from '../reading.js';
import { ufw } from '../ufw.js';
import { type FilterPlace, filterPlace, iptablesTool, withTables } from './filter-place.js';
import { type ForeseenRemedy, noteOf, type Recipe, type Setting } from './remedy.js';
import { clientWord, clientWords, jailName } from './words.js';

/** The jails that hold a client, each with the entry that has to be taken out: the client, or a block that it is in. */
function holding(
  jails: readonly Jail[],
  clients: AddressSet,
): readonly { readonly name: string; readonly entry: string }[] {
  return jails.flatMap(({ name, bans }) => {
    const ban = bans.find(({ addresses }) => addresses.covers(clients));
    if (!ban || !jailName.test(name)) return [];
    // A list of all bans does not tell where one entry ends; a row tells one.
    const [only = '', ...others] = clientWords(ban.addresses) ?? [];
    return [{ name, entry: others.length === 0 && only !== '' ? only : clientWord(clients) }];
  });
}

/** The jail whose name a rule, a chain or a set bears, as fail2ban's actions make them. */
function jailIn({ data }: Setting): string {
  const text = `${data.inside ?? ''} ${data.rule ?? ''}`.slice(0, 4096);
  const [, named] = /\b(?:f2b-|addr6?-set-)([A-Za-z0-9_][A-Za-z0-9_.-]{0,63})/.exec(text) ?? [];
  return named !== undefined && named !== 'chain' && named !== 'table' ? named : 'JAIL';
}

/** Takes some clients out of what the rules of jails stop. */
function freed(names: readonly string[], clients: AddressSet): (machine: Machine) => Machine {
  const marks = names.flatMap((name) => [`f2b-${name}`, `addr-set-${name}`, `addr6-set-${name}`]);
  const isTheirs = (text: string) =>
    marks.some((mark) => text === mark || text.split(/[^A-Za-z0-9_.-]/).includes(mark));
  return (machine) =>
    withTables(machine, (table) => ({
      ...table,
      chains: table.chains.map((chain) => ({
        ...chain,
        rules: chain.rules.map((rule) => (isTheirs(chain.name) || isTheirs(rule.text) ? without(rule, clients) : rule)),
      })),
    }));
}

function without(rule: FilterRule, clients: AddressSet): FilterRule {
  // A jump into the chain of a jail does nothing by itself.
  if (rule.does.kind === 'jump' || rule.does.kind === 'goto' || rule.does.kind === 'return') return rule;
  return { ...rule, conditions: [...rule.conditions, { kind: 'source', addresses: clients, not: true }] };
}

const again = 'it is banned again after the next failures unless ignoreip of jail.local holds it';

function unban(
  jails: readonly { readonly name: string; readonly entry: string }[],
  clients: AddressSet,
): ForeseenRemedy {
  return {
    commands: jails.map(({ name, entry }) => `fail2ban-client set ${name} unbanip ${entry}`),
    edit: freed(
      jails.map(({ name }) => name),
      clients,
    ),
    ...noteOf(again),
  };
}

const banned: Recipe = (setting) => {
  const { bundle, clients, data } = setting;
  if (!bundle || !clients) return askFail2ban(setting);
  const { running, jails } = fail2ban(bundle);
  const own = holding(jails, clients);
  if (own.length > 0) return unban(own, clients);
  const place = filterPlace(data.chain);
  if (!place) return askFail2ban(setting);
  const left = leftover(setting, place);
  if (!left) return askFail2ban(setting);
  const why =
    running === 'no'
      ? 'fail2ban does not run: its rule is left over'
      : 'no jail holds the client: the rule is left over, or is of another program';
  return { ...left, ...noteOf(why, left.note) };
};

function askFail2ban(setting: Setting): ForeseenRemedy {
  const jail =
    setting.data.jail !== undefined && jailName.test(setting.data.jail) ? setting.data.jail : jailIn(setting);
  return { commands: [`fail2ban-client set ${jail} unbanip ${clientWord(setting.clients)}`], ...noteOf(again) };
}

/** Removes what bans a client without asking the program that put it there: an entry of a set, or the rule. */
function leftover(setting: Setting, place: FilterPlace): ForeseenRemedy | undefined {
  const { data, clients } = setting;
  const rule = data.rule ?? '';
  const edit = clients && exempted(rule, clients);
  const words = clientWords(clients);
  if (!words || !edit) return undefined;
  if (/crowdsec/i.test(`${rule} ${data.chain ?? ''}`))
    return { commands: words.map((word) => `cscli decisions delete --ip ${word}`), edit };
  const command =
    place.by === 'nft' ? nftEntry(rule, place, words) : (setEntry(rule, words) ?? ruleItself(setting, place, clients));
  return command === undefined ? undefined : { commands: [command], edit };
}

function exempted(text: string, clients: AddressSet): (machine: Machine) => Machine {
  return (machine) =>
    withTables(machine, (table) => ({
      ...table,
      chains: table.chains.map((chain) => ({
        ...chain,
        rules: chain.rules.map((rule) => (rule.text === text ? without(rule, clients) : rule)),
      })),
    }));
}

/** `ip saddr @addr-set-sshd reject`, or the same in the JSON of nft. */
function nftEntry(rule: string, { family, table, chain }: FilterPlace, words: readonly string[]): string {
  const [, set] = /@([A-Za-z][A-Za-z0-9_.-]{0,126})(?![A-Za-z0-9_.-])/.exec(rule) ?? [];
  if (set === undefined) return `nft delete rule ${family} ${table} ${chain} handle HANDLE`;
  return `nft 'delete element ${family} ${table} ${set} { ${words.join(', ')} }'`;
}

function setEntry(rule: string, words: readonly string[]): string | undefined {
  const [, set] = / --match-set ([A-Za-z0-9_][A-Za-z0-9_.-]{0,30}) src(?:,src)?(?= |$)/.exec(rule) ?? [];
  return set === undefined ? undefined : words.map((word) => `ipset del ${set} ${word}`).join(' && ');
}

/** The rule is deleted as it was written, where it is about the client alone and every word of it is plain. */
function ruleItself(setting: Setting, place: FilterPlace, clients: AddressSet): string | undefined {
  const { data, bundle } = setting;
  const rule = data.rule ?? '';
  const row = bundle && ufwRow(setting, clients);
  if (row !== undefined) return `ufw --force delete ${row}`;
  const [, chain = '', rest] = /^-A (\S{1,64}) (.{1,1000})$/.exec(rule) ?? [];
  const isPlain =
    rest !== undefined && [chain, ...rest.split(' ')].every((word) => /^[A-Za-z0-9_.:/,!-]{1,128}$/.test(word));
  const isOfClient = clientWords(clients)?.some((word) =>
    rule.includes(` -s ${word}${word.includes('/') ? '' : word.includes(':') ? '/128' : '/32'} `),
  );
  if (isPlain && isOfClient && !chain.startsWith('-')) return `${iptablesTool(place)} -D ${chain} ${rest}`;
  return `${iptablesTool(place)} -D ${/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,27}$/.test(chain) ? chain : 'CHAIN'} RULE-NUMBER`;
}

/** The number of the rule that fail2ban's action for ufw has made for the client. */
function ufwRow({ bundle, data }: Setting, clients: AddressSet): number | undefined {
  if (!bundle || !/^ufw6?-/.test(data.inside ?? '')) return undefined;
  const words = clientWords(clients) ?? [];
  return ufw(bundle)?.rules.find(({ from, comment = '' }) => words.includes(from) && comment.startsWith('by Fail2Ban'))
    ?.number;
}

const files: ReadonlySet<string> = new Set(['/etc/hosts.allow', '/etc/hosts.deny']);

/** A line about the client alone is deleted; where it is about more, hosts.allow says otherwise first. libwrap reads both for each connection. */
const wrappers: Recipe = (setting) => {
  const { bundle, clients, data } = setting;
  const own =
    bundle && clients
      ? holding(
          fail2ban(bundle).jails.filter(({ actions }) => actions.some(({ kind }) => kind === 'wrappers')),
          clients,
        )
      : [];
  if (own.length > 0)
    return { commands: own.map(({ name, entry }) => `fail2ban-client set ${name} unbanip ${entry}`), ...noteOf(again) };
  const [, file = '', line = ''] = /^(\/etc\/hosts\.(?:allow|deny)):([1-9]\d{0,6})$/.exec(data.chain ?? '') ?? [];
  const words = clientWords(clients) ?? ['CLIENT'];
  const noRestart = 'nothing has to be restarted: the files are read for each connection';
  if (bundle && files.has(file) && isOfClients(partOf(bundle, `file ${file}`), Number(line), words))
    return {
      commands: [`sed -i '${line}d' ${file}`],
      edit: rewritten(file, (lines) => lines.filter((_, i) => i !== Number(line) - 1)),
      ...noteOf(noRestart),
    };
  const written = words.map((word) =>
    word.includes(':') ? (word.includes('/') ? `[${word.replace('/', ']/')}` : `[${word}]`) : word,
  );
  const allow = `sshd: ${written.join(' ')}`;
  const path = '/etc/hosts.allow';
  const isEmpty = !bundle || partOf(bundle, `file ${path}`) === '';
  return {
    commands: [isEmpty ? `echo '${allow}' >> ${path}` : `sed -i '1i ${allow}' ${path}`],
    edit: rewritten(path, (lines) => [allow, ...lines]),
    ...noteOf('hosts.allow goes before hosts.deny', noRestart),
  };
};

/** Whether a line names these clients and nobody else, and is no part of a longer one. */
function isOfClients(text: string, line: number, words: readonly string[]): boolean {
  const lines = fileLines(text);
  const own = lines[line - 1] ?? '';
  if (own.length > 512 || own.endsWith('\\') || (lines[line - 2] ?? '').endsWith('\\')) return false;
  const [, list] = /^\s*(?:sshd|ALL)\s*:\s*([^:]+|\[[^\]]+\])(?:\s*:.*)?$/i.exec(own) ?? [];
  const [word] = words;
  return words.length === 1 && (list?.trim() === word || list?.trim() === `[${word}]`);
}

function rewritten(
  file: string,
  change: (lines: readonly string[]) => readonly string[],
): (machine: Machine) => Machine {
  return (machine) => {
    const key = `file ${file}`;
    const record = machine.bundle.records.get(key);
    const lines = fileLines(record?.stdout ?? '');
    const kept = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
    const stdout = `${change(kept).join('\n')}\n`;
    const base = { key, command: '', stderr: '', ...record, outcome: 'ran', status: 0, stdout } as const;
    return changedMachine(machine, {
      bundle: { ...machine.bundle, records: new Map([...machine.bundle.records, [key, base]]) },
    });
  };
}

/** How a client is let in again that a program shut out. */
export const banRecipes = {
  'host/banned': banned,
  'host/ban-drops': banned,
  'host/tcp-wrappers': wrappers,
  'host/tcp-wrappers-text': wrappers,
} satisfies Readonly<Record<string, Recipe>>;
