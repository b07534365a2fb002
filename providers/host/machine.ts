import { Memo } from '../../src/memo.js';
import { type Address, AddressSet, type Family } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { linesOf } from './lines.js';
import { type BundleFilter, filterOf } from './netfilter/filter-of-bundle.js';
import { type OwnAddress, ownAddresses } from './own-addresses.js';
import { partOf } from './reading.js';
import { routesOf } from './routes.js';
import type { Sockets } from './sockets/listener.js';
import { parseSockets } from './sockets/sockets.js';

/** A machine as its bundle shows it. */
export interface Machine {
  readonly bundle: Bundle;
  /** What it calls itself; untrusted text. */
  readonly name: string;
  /** Undefined where they were not recorded. */
  readonly addresses: readonly OwnAddress[] | undefined;
  readonly own: AddressSet | undefined;
  readonly filters: BundleFilter;
  readonly sockets: Sockets;
  /** What was made of it once. */
  readonly memo: Memo;
}

/** What the kernel takes for its own: its addresses, and whole prefixes where a route of the type `local` says so. */
function ownSet(bundle: Bundle, addresses: readonly OwnAddress[]): AddressSet {
  const routes = ([4, 6] as const).flatMap((family) => {
    const reading = routesOf(bundle, family);
    return 'value' in reading ? reading.value : [];
  });
  const local = routes.filter(({ type }) => type === 'local').map(({ to }) => to);
  return AddressSet.ofAddresses(addresses.map(({ address }) => address)).union(AddressSet.fromPrefixes(local));
}

export function machineOf(bundle: Bundle): Machine {
  const reading = ownAddresses(bundle);
  const addresses = 'value' in reading ? reading.value : undefined;
  const [uname = ''] = linesOf(partOf(bundle, 'uname'));
  return {
    bundle,
    name: uname.split(' ')[1] || 'the machine',
    addresses,
    own: addresses && ownSet(bundle, addresses),
    filters: filterOf(bundle),
    sockets: parseSockets(bundle),
    memo: new Memo(),
  };
}

/** The machine as it would be with other rules, or with other files. What was remembered of it is forgotten. */
export function changedMachine(machine: Machine, change: Partial<Pick<Machine, 'bundle' | 'filters'>>): Machine {
  return { ...machine, ...change, memo: new Memo() };
}

const sameAddress = (a: Address, b: Address) => a.family === b.family && a.value === b.value;

/** The addresses by which others reach the machine: none of the loopback interface, none of a link only. */
function reachable({ addresses = [] }: Machine, family: Family): OwnAddress[] {
  return addresses.filter(
    ({ address, device, scope }) => address.family === family && device !== 'lo' && scope === 'global',
  );
}

/**
 * The machine's own address that packets to a dialled one arrive at: the same where the machine has it, else the only one
 * that it has in that family, which a cloud translates to. Undefined where nothing tells.
 */
export function nearOf(machine: Machine, dialled: Address | undefined, family: Family): Address | undefined {
  if (dialled && machine.own?.has(dialled)) return dialled;
  const [only, ...others] = reachable(machine, family);
  return only && others.length === 0 ? only.address : undefined;
}

/** The interface by which packets to one of its addresses come in; undefined where nothing tells. */
export function deviceOf(machine: Machine, near: Address | undefined, family: Family): string | undefined {
  const home = near && machine.addresses?.find(({ address }) => sameAddress(address, near))?.device;
  if (home !== undefined && home !== 'lo') return home;
  const devices = new Set(machine.addresses?.map(({ device }) => device).filter((device) => device !== 'lo'));
  const [only] = devices;
  if (devices.size === 1) return only;
  const ofFamily = new Set(reachable(machine, family).map(({ device }) => device));
  const [last] = ofFamily;
  return near === undefined && ofFamily.size === 1 ? last : undefined;
}

/** The address that a redirection of packets of an interface takes; undefined where there are several, or none is told. */
export function redirectAddress(machine: Machine, device: string | undefined, family: Family): Address | undefined {
  const own = reachable(machine, family).filter((one) => one.device === device);
  // Of IPv4 the kernel takes the first address of the interface, of IPv6 any that fits (nf_nat_redirect).
  return family === 4 || own.length === 1 ? own[0]?.address : undefined;
}
