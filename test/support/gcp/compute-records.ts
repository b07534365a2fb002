import type { JsonRecord } from './kinds.js';
import { resource } from './records.js';
import { globalUrl, nameIn, PROJECT, projectIn, regionalUrl, ZONE, zonalUrl, zoneUrl } from './urls.js';

/** An interface as a row describes it. */
export interface NicSpec {
  readonly network?: string;
  readonly subnet?: string;
  readonly ip: string;
  /** Its external IPv4 address. */
  readonly external?: string;
  readonly internalV6?: string;
  readonly aliases?: readonly string[];
  /** The project that owns the network. */
  readonly host?: string;
}

/** A VM with its first interface. */
export interface VmSpec extends NicSpec {
  readonly name: string;
  readonly zone?: string;
  readonly tags?: readonly string[];
  readonly serviceAccount?: string;
}

export function instance(spec: VmSpec): JsonRecord {
  const zone = spec.zone ?? ZONE;
  return {
    ...resource('instance', zonalUrl('instances', spec.name, zone)),
    zone: zoneUrl(zone),
    machineType: zonalUrl('machineTypes', 'e2-small', zone),
    status: 'RUNNING',
    lastStartTimestamp: '2026-01-05T00:00:10.000-08:00',
    startRestricted: false,
    deletionProtection: false,
    canIpForward: false,
    tags: { items: spec.tags, fingerprint: '42WmSpB8rSM=' },
    serviceAccounts: spec.serviceAccount === undefined ? undefined : serviceAccounts(spec.serviceAccount),
    metadata: { kind: 'compute#metadata', fingerprint: '42WmSpB8rSM=' },
    networkInterfaces: [networkInterface(0, spec, regionOf(zone))],
    disks: [bootDisk(spec.name)],
  };
}

export function networkInterface(index: number, spec: NicSpec, region: string): JsonRecord {
  const { network = 'net1', subnet = 'sn1', host = PROJECT } = spec;
  return {
    kind: 'compute#networkInterface',
    name: `nic${index}`,
    network: globalUrl('networks', network, host),
    subnetwork: regionalUrl('subnetworks', subnet, region, host),
    networkIP: spec.ip,
    stackType: spec.internalV6 === undefined ? 'IPV4_ONLY' : 'IPV4_IPV6',
    ipv6AccessType: spec.internalV6 === undefined ? undefined : 'INTERNAL',
    ipv6Address: spec.internalV6,
    internalIpv6PrefixLength: spec.internalV6 === undefined ? undefined : 96,
    accessConfigs: spec.external === undefined ? undefined : [accessConfig({ natIP: spec.external })],
    aliasIpRanges: spec.aliases?.map((ipCidrRange) => ({ ipCidrRange })),
    fingerprint: 'kTCVKnV0Iqs=',
  };
}

/** The external IPv4 address of an interface. */
export function accessConfig(fields: JsonRecord): JsonRecord {
  return {
    kind: 'compute#accessConfig',
    type: 'ONE_TO_ONE_NAT',
    name: 'External NAT',
    networkTier: 'PREMIUM',
    ...fields,
  };
}

/** The fields of an interface with an external IPv6 address. */
export function externalV6(address: string): JsonRecord {
  const config = { name: 'external-ipv6', externalIpv6: address, externalIpv6PrefixLength: 96, networkTier: 'PREMIUM' };
  return {
    stackType: 'IPV4_IPV6',
    ipv6AccessType: 'EXTERNAL',
    ipv6AccessConfigs: [{ kind: 'compute#accessConfig', type: 'DIRECT_IPV6', ...config }],
  };
}

function serviceAccounts(email: string): readonly JsonRecord[] {
  return [{ email, scopes: ['https://www.googleapis.com/auth/cloud-platform'] }];
}

/** us-central1-a lies in us-central1. */
export function regionOf(zone: string): string {
  return zone.slice(0, zone.lastIndexOf('-'));
}

/** The parameters of a request about one instance. */
export function instanceSubject(instance: JsonRecord): JsonRecord {
  const { selfLink, zone, name } = instance;
  return { project: projectIn(selfLink), zone: nameIn(zone), instance: name };
}

function bootDisk(name: string): JsonRecord {
  return {
    kind: 'compute#attachedDisk',
    type: 'PERSISTENT',
    mode: 'READ_WRITE',
    boot: true,
    index: 0,
    deviceName: name,
    licenses: ['https://www.googleapis.com/compute/v1/projects/debian-cloud/global/licenses/debian-13-trixie'],
    guestOsFeatures: [{ type: 'UEFI_COMPATIBLE' }, { type: 'VIRTIO_SCSI_MULTIQUEUE' }, { type: 'GVNIC' }],
  };
}
