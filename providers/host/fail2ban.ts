import type { Sign } from '../../src/model/index.js';
import { type Address, AddressSet } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { linesOf, wordsOf } from './lines.js';
import { namedRecords, partOf } from './reading.js';
import { writtenAddresses } from './source.js';

/** How a ban stops a client, by the name of the action that fail2ban ships. */
export type BanKind =
  /** A REJECT or DROP in a packet filter, for the ports of the jail. */
  | 'ports'
  /** The same for every port. */
  | 'all-ports'
  /** An unreachable route back: nothing comes back, for every port. */
  | 'route'
  /** A line in hosts.deny. */
  | 'wrappers'
  /** An action that does not stop connections, or one that fail2ban does not ship. */
  | 'other';

export interface Ban {
  readonly addresses: AddressSet;
  /** When it ends, as fail2ban writes it: by the machine's own clock. Absent for a ban for ever, and where it is not told. */
  readonly until?: string;
  /** Where it stands. */
  readonly at: string;
  /** Untrusted text. */
  readonly line: string;
}

export interface Jail {
  /** Untrusted text. */
  readonly name: string;
  readonly bans: readonly Ban[];
  /** The actions, by name, and how each stops a client. */
  readonly actions: readonly { readonly name: string; readonly kind: BanKind }[];
}

export interface Fail2ban {
  /**
   * `no` where its client finds no server: bans of one that was killed may still stand in the rules (measured). `unknown` where
   * there is no such client, or where it was not allowed to ask.
   */
  readonly running: 'yes' | 'no' | 'unknown';
  readonly jails: readonly Jail[];
}

const notRunning = ['Is fail2ban running?', 'Is it running?', 'Connection refused'];

/** What `fail2ban-client` answered. */
export function fail2ban(bundle: Bundle): Fail2ban {
  const record = bundle.records.get('fail2ban');
  if (!record || record.outcome === 'absent') return { running: 'unknown', jails: [] };
  const said = `${record.stdout}\n${record.stderr}`;
  if (notRunning.some((text) => said.includes(text))) return { running: 'no', jails: [] };
  const jails = namedRecords(bundle, 'fail2ban-jail').map(({ key, name }) => jail(bundle, key, name));
  return { running: record.outcome === 'ran' && record.status === 0 ? 'yes' : 'unknown', jails };
}

function jail(bundle: Bundle, key: string, name: string): Jail {
  const timed = linesOf(partOf(bundle, `fail2ban-bans ${name}`)).flatMap((line) =>
    timedBan(`fail2ban-bans ${name}`, line),
  );
  const said = linesOf(partOf(bundle, `fail2ban-actions ${name}`));
  const actions = said
    .filter((line) => line !== '' && !line.endsWith(':') && !line.startsWith('No actions'))
    .flatMap((line) => line.split(','))
    .map((action) => ({ name: action.trim(), kind: kindOf(action.trim()) }));
  return { name, bans: timed.length > 0 ? timed : listedBans(bundle, key), actions };
}

/** `10.22.1.2 \t2026-11-22 05:34:20 + 600 = 2026-11-22 05:44:20`; `+ -1` is for ever. */
function timedBan(at: string, line: string): readonly Ban[] {
  const [address = '', , , , seconds, , day = '', time = ''] = wordsOf(line);
  const addresses = writtenAddresses(address);
  const isForEver = seconds === undefined || seconds === '-1' || day === '';
  return addresses ? [{ addresses, at, line, ...(isForEver ? {} : { until: `${day} ${time}` }) }] : [];
}

/** The list of `status JAIL`, on its last line. */
function listedBans(bundle: Bundle, at: string): readonly Ban[] {
  const marker = 'Banned IP list:';
  return linesOf(partOf(bundle, at)).flatMap((line) => {
    const start = line.indexOf(marker);
    const addresses =
      start < 0 ? [] : wordsOf(line.slice(start + marker.length)).flatMap((text) => writtenAddresses(text) ?? []);
    return addresses.length > 0 ? [{ addresses: AddressSet.unionOf(addresses), at, line }] : [];
  });
}

function kindOf(action: string): BanKind {
  if (action === 'route') return 'route';
  if (action === 'hostsdeny') return 'wrappers';
  const isFilter = /^(?:iptables|nftables|firewallcmd|ufw|shorewall|ipfw|pf|npf|bsd-ipfw|apf)(?:-|$)/.test(action);
  if (!isFilter) return 'other';
  // ufw's bans name no port unless the jail gives an application (fail2ban, action.d/ufw.conf).
  return action === 'ufw' || action.endsWith('-allports') ? 'all-ports' : 'ports';
}

/**
 * The bans of a client. They suggest: whether the rule of a ban is there, and for which port, stands in the rules of the packet
 * filter, the routes and hosts.deny, not in fail2ban's list.
 */
export function fail2banSigns(bundle: Bundle, client: Address | undefined): Sign[] {
  return fail2ban(bundle).jails.flatMap(({ name, bans, actions }) =>
    bans
      .filter(({ addresses }) => client === undefined || addresses.has(client))
      .flatMap(({ addresses, until, at, line }) => {
        const kinds = new Set(actions.map(({ kind }) => kind));
        const stopping = kinds.size === 0 ? new Set<BanKind>(['ports']) : kinds;
        const data = {
          jail: name,
          actions: actions.map((action) => action.name).join(', '),
          ...(until ? { until } : {}),
        };
        const codes = [...new Set([...stopping].flatMap((kind) => banCodes[kind]))];
        return codes.map((code): Sign => ({ code, says: 'suggests', from: addresses, at, line, data }));
      }),
  );
}

/** What a client meets (measured). */
const banCodes: Readonly<Record<BanKind, readonly Sign['code'][]>> = {
  ports: ['host/banned'],
  'all-ports': ['host/banned'],
  route: ['host/ban-drops'],
  wrappers: ['host/tcp-wrappers'],
  other: [],
};
