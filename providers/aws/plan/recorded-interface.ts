import type { PartSlot } from '../../../src/plan/projection.js';
import { untold } from '../../../src/record/index.js';
import type { NetworkInterface } from '../records/records.js';
import { publicAddress } from './address.js';
import { addressesOf, elasticParts } from './elastic.js';
import { type Projection, reused } from './project.js';
import { groupsThere } from './recorded-groups.js';
import { interfacesAt, listedInterfaces, publicAtLaunch, templatesOf } from './start.js';

const deviceSlots: readonly PartSlot[] = [
  ['NetworkInterfaceAttachment', 'instanceId'],
  ['native NetworkInterfaceAttachment', 'instanceId'],
];

/** The interfaces that were recorded, by themselves or within their instance. */
function recordedInterfaces(projection: Projection): ReadonlyMap<string, NetworkInterface> {
  return projection.once('recorded interfaces', () => {
    const found = new Map<string, NetworkInterface>(projection.base?.all('interfaces') ?? []);
    for (const { InstanceId, NetworkInterfaces = [] } of projection.base?.all('instances').values() ?? [])
      for (const shown of NetworkInterfaces)
        if (!found.has(shown.NetworkInterfaceId))
          found.set(shown.NetworkInterfaceId, { ...shown, Attachment: { ...shown.Attachment, InstanceId } });
    return found;
  });
}

/** On which instance an interface is: where resources put it, or where it was, unless they take it from there. */
function attachmentOf(projection: Projection, { NetworkInterfaceId: id, Attachment }: NetworkInterface): unknown {
  for (const part of projection.all('NetworkInterfaceAttachment', 'native NetworkInterfaceAttachment')) {
    if (projection.ref(part, 'networkInterfaceId') !== id) continue;
    const InstanceId = projection.ref(part, 'instanceId');
    const DeviceIndex = projection.leaves.number(projection.value(part, 'deviceIndex'));
    return { InstanceId, DeviceIndex, Status: 'attached' };
  }
  const former =
    Attachment?.InstanceId === undefined ? [] : projection.formerPartsOf(Attachment.InstanceId, ...deviceSlots);
  return former.some((part) => projection.ref(part, 'networkInterfaceId') === id) ? undefined : Attachment;
}

/** The public address that an interface gets without an elastic one: nobody can tell of a machine that is not the program's. */
function publicOf(projection: Projection, { SubnetId, Attachment }: NetworkInterface): unknown {
  const machine = [...projection.leftAlone].find(
    (record) => projection.view.links.idOf(record, 'instance') === Attachment?.InstanceId,
  );
  if (!machine || Attachment?.InstanceId === undefined) return untold;
  const { declared, isUnseen } = templatesOf(projection, machine);
  const start = { record: machine, at: '', template: declared[0], isUnseen };
  const [listed] = listedInterfaces(projection, start);
  const isPublic = publicAtLaunch(projection, start, listed, SubnetId);
  return isPublic === true ? { PublicIp: publicAddress(projection) } : isPublic === untold ? untold : undefined;
}

const asIds = (groups: readonly string[] | typeof untold) =>
  groups === untold ? untold : groups.map((GroupId) => ({ GroupId }));

/** Interfaces that resources put on recorded machines, and of which nobody shows where they stand and who guards them. */
function addUnseenInterfaces(projection: Projection, isShown: (id: string) => boolean): void {
  for (const part of projection.all('NetworkInterfaceAttachment', 'native NetworkInterfaceAttachment')) {
    const InstanceId = projection.ref(part, 'instanceId');
    if (typeof InstanceId !== 'string' || !projection.isAsKnown) continue;
    if (!projection.base?.get('instances', InstanceId) || projection.describers(InstanceId).length > 0) continue;
    for (const NetworkInterfaceId of interfacesAt(projection, part, 'networkInterfaceId'))
      if (!isShown(NetworkInterfaceId))
        projection.answer('NetworkInterfaces', {
          NetworkInterfaceId,
          SubnetId: untold,
          VpcId: untold,
          Groups: untold,
          PrivateIpAddresses: untold,
          Attachment: { InstanceId, DeviceIndex: 1, Status: 'attached' },
        });
  }
}

/** What the program changes about interfaces that were recorded and that no resource declares. */
export function addToRecordedInterfaces(projection: Projection): void {
  if (!projection.base) return;
  const instances = new Set(projection.partsOfOthers('instance'));
  const named = new Set(projection.partsOfOthers('eni'));
  if (instances.size + named.size === 0) return;
  const answered = new Set(projection.answers.get('NetworkInterfaces')?.map((eni) => eni.NetworkInterfaceId));
  const recorded = recordedInterfaces(projection);
  addUnseenInterfaces(projection, (id) => answered.has(id) || recorded.has(id));
  for (const [id, eni] of recorded) {
    const instanceId = eni.Attachment?.InstanceId;
    if (answered.has(id) || !(named.has(id) || (instanceId !== undefined && instances.has(instanceId)))) continue;
    const bearer = { id, instanceId, device: eni.Attachment?.DeviceIndex ?? 0 };
    const { given, former } = elasticParts(projection, bearer);
    projection.answer('NetworkInterfaces', {
      ...reused(eni),
      Groups: asIds(groupsThere(projection, eni)),
      Attachment: attachmentOf(projection, eni),
      ...(given.length + former.length > 0 && {
        PrivateIpAddresses: addressesOf(projection, bearer, {
          there: eni,
          fresh: [{ Primary: true, Association: publicOf(projection, eni) }],
        }),
      }),
    });
  }
}
