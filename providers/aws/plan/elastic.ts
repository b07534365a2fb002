import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PartSlot } from '../../../src/plan/projection.js';
import { isUnread, untold } from '../../../src/record/index.js';
import type { NetworkInterface } from '../records/records.js';
import { publicAddress } from './address.js';
import type { ApiRecord, Projection } from './project.js';

const ofInstance: readonly PartSlot[] = [
  ['Eip', 'instance'],
  ['native Eip', 'instanceId'],
  ['EipAssociation', 'instanceId'],
  ['native EipAssociation', 'instanceId'],
];
const ofInterface: readonly PartSlot[] = [
  ['Eip', 'networkInterface'],
  ['EipAssociation', 'networkInterfaceId'],
  ['native EipAssociation', 'networkInterfaceId'],
];

/** An interface to which elastic addresses are mapped; those of an instance are mapped to its first one. */
interface Bearer {
  readonly id: string;
  readonly instanceId: string | undefined;
  readonly device: number;
}

function partsOf(
  { id, instanceId, device }: Bearer,
  find: (id: string, ...slots: readonly PartSlot[]) => readonly PlanRecord[],
): readonly PlanRecord[] {
  const own = find(id, ...ofInterface);
  return instanceId !== undefined && device === 0 ? [...find(instanceId, ...ofInstance), ...own] : own;
}

/** The resources that map elastic addresses to an interface, and those that did so before. */
export function elasticParts(projection: Projection, bearer: Bearer) {
  return {
    given: partsOf(bearer, (id, ...slots) => projection.partsOf(id, ...slots)),
    former: partsOf(bearer, (id, ...slots) => projection.formerPartsOf(id, ...slots)),
  };
}

/** The elastic address that a resource maps, where it is known. */
function addressOf(projection: Projection, part: PlanRecord): string | undefined {
  const own = projection.view.observed(part, 'publicIp') ?? projection.view.value(part, 'publicIp');
  if (typeof own === 'string') return own;
  const id = projection.ref(part, 'allocationId');
  if (typeof id !== 'string') return undefined;
  const [elastic] = projection.describers(id);
  const answered = elastic && projection.view.observed(elastic, 'publicIp');
  return typeof answered === 'string' ? answered : projection.base?.get('addresses', id)?.PublicIp;
}

/** The private address to which a resource maps one; undefined for the primary one. */
function targetOf(projection: Projection, part: PlanRecord): string | undefined {
  const own = projection.leaves.text(projection.view.value(part, 'privateIpAddress'));
  return typeof own === 'string' ? own : undefined;
}

/**
 * The addresses of an interface, with what is mapped to them. One that is there keeps its own, save elastic ones that go: then it
 * gets what it would get when it is made (EC2 guide, elastic addresses).
 * @param there the interface as it was recorded
 * @param fresh its addresses as it gets them when it is made
 */
export function addressesOf(
  projection: Projection,
  bearer: Bearer,
  { there, fresh }: { readonly there: NetworkInterface | undefined; readonly fresh: readonly ApiRecord[] },
): readonly ApiRecord[] | typeof untold {
  const { given, former } = elasticParts(projection, bearer);
  if (there && isUnread(there, 'PrivateIpAddresses')) return untold;
  const gone = former.map((part) => ({ at: targetOf(projection, part), address: addressOf(projection, part) }));
  const kept = there?.PrivateIpAddresses?.map((one): ApiRecord => {
    const isGone = gone.some(
      ({ at, address }) =>
        (at === undefined ? one.Primary === true : at === one.PrivateIpAddress) &&
        (address === undefined || address === one.Association?.PublicIp),
    );
    if (!isGone) return one;
    return { ...one, Association: fresh.find(({ Primary }) => Primary === one.Primary)?.Association };
  });
  const all = kept ?? fresh;
  if (given.length === 0) return all;
  const mapped = given.map((part) => ({ at: targetOf(projection, part), address: addressOf(projection, part) }));
  const known = mapped.find(({ address }) => address !== undefined) ?? mapped[0];
  const PublicIp = known?.address ?? publicAddress(projection);
  const isTarget = (one: ApiRecord) =>
    known?.at === undefined ? one.Primary === true : known.at === one.PrivateIpAddress;
  // One to an address that is not among the interface's is one to it all the same.
  const first = all.find(isTarget) ?? all[0];
  return all.map((one) => (one === first ? { ...one, Association: { PublicIp } } : one));
}
