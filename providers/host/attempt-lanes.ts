import type { Sign } from '../../src/model/index.js';
import type { Address, AddressSet, Family } from '../../src/set/index.js';
import { type HostLane, hostLanes } from './host-layers.js';
import type { Machine } from './machine.js';
import { speaksSsh } from './sockets/listens-on.js';

/** One attempt to connect, as far as it is told. */
export interface Attempt {
  readonly client: AddressSet | undefined;
  /** What the client dialled. */
  readonly address: Address | undefined;
  readonly port: number;
}

/** The family of an attempt: that of its addresses, else the only one in which the machine can be reached. */
export function familyAsked({ addresses }: Machine, { client, address }: Attempt): Family | undefined {
  if (address) return address.family;
  const told = client?.families() ?? [];
  const own = new Set(addresses?.filter(({ device }) => device !== 'lo').map((one) => one.address.family));
  const [only] = told.length === 1 ? told : own.size === 1 ? own : [];
  return only;
}

/** The ways that packets of the attempt may take on the machine: of both families where nothing tells which it is. */
export function lanesAsked(machine: Machine, asked: Attempt): readonly HostLane[] {
  const { client, address, port } = asked;
  const family = familyAsked(machine, asked);
  return (family ? [family] : ([4, 6] as const)).flatMap((one) => {
    const dialled = address?.family === one ? address : undefined;
    return hostLanes(machine, { family: one, dialled, port, signs: [] }).flatMap((lane) => {
      const from = client ? lane.from.intersect(client) : lane.from;
      return from.isEmpty ? [] : [{ ...lane, from }];
    });
  });
}

/** Where an SSH server holds what the attempt ends at, another program does not answer there. */
export function servedSigns(machine: Machine, asked: Attempt): Sign[] {
  const served = lanesAsked(machine, asked).map((lane) => lane.served);
  const [first] = served;
  const isSsh = served.every((one) => one?.kind === 'yes' && speaksSsh(one.listener));
  if (!isSsh || first?.kind !== 'yes') return [];
  const { at, line } = first.listener;
  return (['host/port-taken', 'host/http-on-port', 'host/other-service'] as const).map((code) => ({
    code,
    says: 'excludes',
    at,
    line,
  }));
}
