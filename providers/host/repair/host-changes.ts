import { type CauseCode, causeCodes } from '../../../src/model/index.js';
import type { Change, Cloud, Stop } from '../../../src/provider.js';
import type { AddressSet } from '../../../src/set/index.js';
import type { Machine } from '../machine.js';
import { remedyFor } from './remedy-for.js';

const known: ReadonlySet<string> = new Set(causeCodes);

export function isCauseCode(code: string): code is CauseCode {
  return known.has(code);
}

/** Who is to get in, by which interface, and through what. */
export interface ChangeQuestion {
  readonly from: AddressSet;
  readonly device: string | undefined;
  readonly port: number;
}

/**
 * The changes to a machine that remove what stops clients on it. Where the effect can be foreseen, `rebuilt` makes the cloud with the
 * machine as it then is.
 */
export function hostChanges(
  machine: Machine,
  stops: readonly Stop[],
  { from, device, port }: ChangeQuestion,
  rebuilt: (machine: Machine) => Cloud,
): Change[] {
  return stops.flatMap(({ reason, layer }): Change[] => {
    if (!isCauseCode(reason.code)) return [];
    const { bundle } = machine;
    // Behind a proxy or a translation the machine meets other addresses than those of the clients.
    const clients = layer.seen ? layer.seen.addresses : from;
    const about = { bundle, data: reason.data, clients, ...(device !== undefined && { device }), port };
    const remedy = remedyFor(reason.code, about);
    if (!remedy || remedy.commands.length === 0) return [];
    const { commands, note, edit } = remedy;
    return [
      {
        removes: reason.code,
        command: commands.join(' && '),
        pulumi: '',
        after: edit ? rebuilt(edit(machine)) : null,
        ...(note !== undefined && { note }),
      },
    ];
  });
}
