import type { Gap } from '../../src/model/index.js';
import type { Inventory, Placed, Scope } from './inventory.js';
import type { Subnet, Vpc } from './records/records.js';
import { associationState, held, wordIn } from './words.js';

interface RangeState {
  readonly State?: string | undefined;
  readonly broken?: string | undefined;
}

/** Whether a range is a VPC's or a subnet's; one of which that is not known counts as such, and its owner is in doubt. */
function isRange(state: RangeState | undefined, of: string) {
  return held(
    associationState,
    wordIn(state ?? {}, state?.State, 'associated'),
    'aws/ev-route',
    `a range of ${of}`,
    of,
  );
}

function rangesIn(
  record: Vpc | Subnet,
): { readonly text: string | undefined; readonly state: RangeState | undefined }[] {
  const ipv4 = 'CidrBlockAssociationSet' in record ? (record.CidrBlockAssociationSet ?? []) : [];
  return [
    ...ipv4.map(({ CidrBlock: text, CidrBlockState: state }) => ({ text, state })),
    ...(record.Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock: text, Ipv6CidrBlockState: state }) => ({
      text,
      state,
    })),
  ];
}

/** The ranges of a VPC or a subnet. */
export function rangesOfRecord(record: Vpc | Subnet): string[] {
  const others = rangesIn(record).filter(({ state }) => isRange(state, '') !== 'no');
  return [record.CidrBlock, ...others.map(({ text }) => text)].filter((text) => text !== undefined);
}

/** Why not all is known of a subnet or a VPC: it is in no answer, a field cannot be read, the state of a range is undocumented. */
export function placeGap(
  inventory: Inventory,
  name: 'subnets' | 'vpcs',
  id: string | undefined,
  scope: Scope,
): Gap | undefined {
  const record: Placed<Vpc | Subnet> | undefined = inventory.get(name, id);
  const what = `${name === 'subnets' ? 'subnet' : 'vpc'} ${id ?? 'of the interface'}`;
  if (!record || record.broken !== undefined) return inventory.dangling(name, scope, what);
  return rangesIn(record)
    .map(({ state }) => isRange(state, id ?? what))
    .find((is) => typeof is === 'object');
}
