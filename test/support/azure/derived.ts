import type { SubjectAnswer } from './documents.js';
import { LOCATION, ref } from './ids.js';
import { type Json, type JsonRecord, type Kind, operationOf } from './kinds.js';
import { isRecord } from './notation.js';
import { propertiesOf, recordsIn, serviceTags, withProperties } from './records.js';

type List = (kind: Kind) => readonly JsonRecord[];

/** The records with the references back that ARM keeps: who is attached to a group, a table, an address. */
export function withBackReferences(kind: Kind, list: List): readonly JsonRecord[] {
  const subnets = list('virtualNetworks').flatMap((vnet) => recordsIn(propertiesOf(vnet).subnets));
  const nics = list('networkInterfaces');
  const holding = (owners: readonly JsonRecord[], field: string, record: JsonRecord): Json | undefined => {
    const found = owners.filter((owner) => refersTo(propertiesOf(owner)[field], record));
    return found.length === 0 ? undefined : found.map(({ id }) => ref(String(id)));
  };
  const ends = [...nics, ...list('azureFirewalls'), ...list('loadBalancers')].flatMap(ipConfigurations);
  return list(kind).map((record) => {
    if (kind === 'networkSecurityGroups')
      return withProperties(record, {
        subnets: holding(subnets, 'networkSecurityGroup', record),
        networkInterfaces: holding(nics, 'networkSecurityGroup', record),
      });
    if (kind === 'routeTables') return withProperties(record, { subnets: holding(subnets, 'routeTable', record) });
    if (kind === 'publicIPAddresses') {
      const end = ends.find((candidate) => refersTo(propertiesOf(candidate).publicIPAddress, record));
      return withProperties(record, { ipConfiguration: end && ref(String(end.id)) });
    }
    if (kind === 'networkInterfaces') {
      const vm = list('virtualMachines').find((candidate) => nicsOf(candidate).some((nic) => refersTo(nic, record)));
      return withProperties(record, { virtualMachine: vm && ref(String(vm.id)) });
    }
    return record;
  });
}

/** What the calls about one subject answer where a row says nothing: the tags of the location, and nothing else. */
export function emptyAnswers(list: List): readonly SubjectAnswer[] {
  const none = (question: Parameters<typeof operationOf>[0], subject: JsonRecord): SubjectAnswer => ({
    operation: operationOf(question),
    subject,
    body: { value: [] },
  });
  const ids = (kind: Kind): readonly string[] => list(kind).map(({ id }) => String(id));
  const tags = { 'AzureCloud.westeurope': ['20.1.0.0/16', '203.0.113.0/24'], 'Storage.WestEurope': ['20.60.0.0/16'] };
  return [
    ...ids('virtualNetworks').map((virtualNetwork) => none('effectiveAdminRules', { virtualNetwork })),
    ...ids('virtualNetworks').map((virtualNetwork) => none('effectiveConnectivity', { virtualNetwork })),
    ...ids('applicationSecurityGroups').map((id) => none('addressPrefixSets', { applicationSecurityGroup: id })),
    { operation: operationOf('serviceTags'), subject: { location: LOCATION }, body: serviceTags(tags) },
  ];
}

export function isAbout(answer: SubjectAnswer, operation: string, subject: JsonRecord): boolean {
  return answer.operation === operation && JSON.stringify(answer.subject) === JSON.stringify(subject);
}

function ipConfigurations(record: JsonRecord): readonly JsonRecord[] {
  const { ipConfigurations: own, frontendIPConfigurations: front } = propertiesOf(record);
  return [...recordsIn(own), ...recordsIn(front)];
}

function nicsOf(vm: JsonRecord): readonly JsonRecord[] {
  const { networkProfile } = propertiesOf(vm);
  return isRecord(networkProfile) ? recordsIn(networkProfile.networkInterfaces) : [];
}

/** ARM compares ids whatever their case. */
function refersTo(reference: Json | undefined, { id }: JsonRecord): boolean {
  return isRecord(reference) && String(reference.id).toLowerCase() === String(id).toLowerCase();
}
