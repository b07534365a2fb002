export const PROJECT = 'p';
export const REGION = 'us-central1';
export const ZONE = 'us-central1-a';

const HOST = 'https://www.googleapis.com/compute/v1';

/** `globalUrl('networks', 'net1')`: the self link of a resource that has no place. */
export function globalUrl(collection: string, name: string, project = PROJECT): string {
  return `${HOST}/projects/${project}/global/${collection}/${name}`;
}

export function regionUrl(region: string, project = PROJECT): string {
  return `${HOST}/projects/${project}/regions/${region}`;
}

export function regionalUrl(collection: string, name: string, region = REGION, project = PROJECT): string {
  return `${regionUrl(region, project)}/${collection}/${name}`;
}

export function zoneUrl(zone: string, project = PROJECT): string {
  return `${HOST}/projects/${project}/zones/${zone}`;
}

export function zonalUrl(collection: string, name: string, zone = ZONE, project = PROJECT): string {
  return `${zoneUrl(zone, project)}/${collection}/${name}`;
}

/** The last segment of a URL: the short name. */
export function nameIn(url: unknown): string {
  const text = String(url);
  return text.slice(text.lastIndexOf('/') + 1);
}

/** The project in a URL or in a relative resource name. */
export function projectIn(url: unknown): string {
  return /projects\/([^/]+)\//.exec(String(url))?.[1] ?? PROJECT;
}

/** A decimal id of 19 digits, always the same for the same self link. */
export function idOf(selfLink: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const char of selfLink) hash = BigInt.asUintN(64, (hash ^ BigInt(char.charCodeAt(0))) * 0x100000001b3n);
  return String((hash % 9_000_000_000_000_000_000n) + 1_000_000_000_000_000_000n).slice(0, 19);
}
