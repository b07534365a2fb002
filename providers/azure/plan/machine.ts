import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PlannedMachine } from '../../../src/plan/planned.js';
import { untold } from '../../../src/record/index.js';
import { partId, partName, standInId } from './identity.js';
import { answerInterface, type Face } from './interface.js';
import { type ApiRecord, elements, member, type Projection, valueAt } from './project.js';
import { keyIn } from './recorded.js';
import { setInterfaces } from './types.js';

/** Where the older type of the classic provider names the interface that comes first. */
const PRIMARY = 'primaryNetworkInterfaceId';
const NICS = 'Microsoft.Network/networkInterfaces';

/** A machine that is started is most likely on, and one that is there stays as it is: what it does later no program shows. */
function powerOf(projection: Projection, id: string): ApiRecord {
  if (projection.there('machines', id)) return {};
  return { instanceView: { statuses: [{ code: 'PowerState/running' }] } };
}

/** What the machine reads when it boots, in base64. The classic provider has it beside the rest, the newer one within. */
function bootOf(projection: Projection, record: PlanRecord): ApiRecord {
  const { leaves } = projection;
  const custom = member(projection.value(record, 'osProfile'), 'customData') ?? projection.value(record, 'customData');
  const image =
    member(projection.value(record, 'storageProfile'), 'imageReference') ??
    projection.value(record, 'sourceImageReference') ??
    projection.value(record, 'storageImageReference');
  const named = ['publisher', 'offer', 'sku'].flatMap((name) => {
    const text = leaves.text(member(image, name));
    return typeof text === 'string' ? [[name, text] as const] : [];
  });
  return {
    storageProfile: { imageReference: Object.fromEntries(named) },
    osProfile: { customData: leaves.text(custom) },
    userData: leaves.text(projection.value(record, 'userData')),
  };
}

/** The interfaces of the program's own that a machine names. */
function namedInterfaces(projection: Projection, record: PlanRecord): readonly ApiRecord[] {
  const { view, leaves } = projection;
  const places = view.links.of(record).filter(({ slot }) => slot.kind === 'nic' && slot.path !== PRIMARY);
  const named = projection.ref(record, PRIMARY);
  const found = places.flatMap(({ path }): ApiRecord[] => {
    const { ids, isOpen } = view.refs(record, path);
    const owner = path.endsWith('.id') ? valueAt(projection, record, path.slice(0, -'.id'.length)) : undefined;
    const told = leaves.flag(member(owner, 'primary'));
    // The classic provider makes the first one of its list the primary one, where none is named.
    const first = path.startsWith('networkInterfaceIds[') ? path === 'networkInterfaceIds[0]' : told;
    const all = isOpen ? [...ids, standInId(NICS, `?${record.name} unknown`)] : ids;
    return all.map((id) => {
      const primary = named === undefined ? first : named === untold ? undefined : id === named;
      return { id, ...(primary !== undefined && { primary }) };
    });
  });
  return [...new Map(found.map((one) => [one.id, one])).values()];
}

/** The faces that a machine describes itself, in the lists at these paths; `untold` where nobody knows them. */
function ownFaces(
  projection: Projection,
  record: PlanRecord,
  paths: readonly string[],
  faceOf: (name: string) => Pick<Face, 'id' | 'kind' | 'machineId'>,
): readonly Face[] | typeof untold {
  const all = paths.flatMap((path) => elements(projection, record, path));
  if (all.some(({ item }) => item === untold)) return untold;
  return all.map(({ at, item }, index): Face => {
    const tree = item === untold ? undefined : item;
    const name = partName(tree, index);
    const isPrimary = projection.leaves.flag(below(tree, 'primary')) ?? all.length === 1;
    return { ...faceOf(name), record, at: `${at}.`, name, isPrimary: isPrimary === true };
  });
}

function answerFaces(projection: Projection, faces: readonly Face[]): readonly ApiRecord[] {
  for (const face of faces) answerInterface(projection, face);
  return faces.map(({ id, isPrimary }) => ({ id, primary: isPrimary }));
}

function projectMachine(projection: Projection, record: PlanRecord): PlannedMachine {
  const id = projection.id(record, 'vm');
  const own = ownFaces(projection, record, ['networkProfile.networkInterfaceConfigurations'], (name) => ({
    id: standInId(NICS, `?${record.name} ${name}`),
    kind: 'interfaces',
    machineId: id,
  }));
  const named = namedInterfaces(projection, record);
  projection.answer('machines', {
    id,
    name: record.name,
    networkProfile: {
      networkInterfaces: own === untold ? untold : [...named, ...answerFaces(projection, own)],
    },
    ...bootOf(projection, record),
    ...powerOf(projection, id),
  });
  return { urn: record.urn, kind: 'virtual machine', instanceIds: [id], by: [] };
}

/** A scale set, by one of its machines: they are all alike. */
function projectScaleSet(projection: Projection, record: PlanRecord): PlannedMachine {
  const whole = projection.id(record, 'vmss');
  const { leaves } = projection;
  const capacity = leaves.number(
    member(projection.value(record, 'sku'), 'capacity') ?? projection.value(record, 'instances'),
  );
  const machine: PlannedMachine = { urn: record.urn, kind: 'scale set', instanceIds: [], by: [] };
  if (capacity === 0) return machine;
  const first = partId(whole, 'virtualMachines', '0');
  // One that is there and is not upgraded stays beside those that follow the model.
  const id = projection.there('scaleSetMachines', first) ? partId(whole, 'virtualMachines', '?') : first;
  const own = ownFaces(projection, record, setInterfaces, (name) => ({
    id: partId(id, 'networkInterfaces', name),
    kind: 'scaleSetInterfaces',
    machineId: id,
  }));
  projection.answer('scaleSets', { id: whole, name: record.name });
  projection.answer('scaleSetMachines', {
    id,
    name: record.name,
    virtualMachineScaleSet: { id: whole },
    networkProfile: { networkInterfaces: own === untold ? untold : answerFaces(projection, own) },
    ...powerOf(projection, id),
  });
  return { ...machine, instanceIds: [id] };
}

/** The machines that stay as they were recorded. */
function recordedMachines(projection: Projection): readonly PlannedMachine[] {
  const { base, leftAlone, view } = projection;
  return [...leftAlone].flatMap((record): PlannedMachine[] => {
    const id = view.links.idOf(record, 'vm');
    if (id !== undefined) return [{ urn: record.urn, kind: 'virtual machine', instanceIds: [id], by: [] }];
    const whole = view.links.idOf(record, 'vmss');
    if (whole === undefined) return [];
    const own = [...(base?.all('scaleSetMachines').keys() ?? [])].filter((one) => one.startsWith(`${whole}/`));
    const flexible = [...(base?.all('machines') ?? [])].filter(
      ([, one]) => keyIn(one.virtualMachineScaleSet) === whole,
    );
    const instanceIds = [...own, ...flexible.map(([one]) => one)];
    return [{ urn: record.urn, kind: 'scale set', instanceIds, by: [] }];
  });
}

/** Every machine that the records declare. */
export function projectMachines(projection: Projection): readonly PlannedMachine[] {
  return [
    ...projection.all('VirtualMachine').map((record) => projectMachine(projection, record)),
    ...projection.all('VirtualMachineScaleSet').map((record) => projectScaleSet(projection, record)),
    ...recordedMachines(projection),
  ];
}
