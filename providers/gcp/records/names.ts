/** Names of Google Cloud resources. Hosts and versions of their URLs differ, and a resource is the same under all of them. */

/** `projects/p/zones/z/instances/vm1`, or undefined for what is no URL of a resource. */
export function pathOf(url: string | undefined): string | undefined {
  const at = url?.search(/(?:^|\/)(?:projects|folders|organizations)\//) ?? -1;
  return at < 0 ? undefined : url?.slice(at).replace(/^\//, '');
}

/** The last part of a URL: the resource's own name. */
export function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** The part behind a collection's name: the project, the zone, the region. */
function behind(url: string | undefined, collection: 'projects' | 'regions' | 'zones'): string | undefined {
  if (url === undefined) return undefined;
  const path = `/${url}`;
  const name = `/${collection}/`;
  const before = path.indexOf(name);
  if (before < 0) return undefined;
  const start = before + name.length;
  const end = path.indexOf('/', start);
  return path.slice(start, end < 0 ? undefined : end) || undefined;
}

export function projectOf(url: string | undefined): string | undefined {
  return behind(url, 'projects');
}

export function zoneOf(url: string | undefined): string | undefined {
  return behind(url, 'zones');
}

/** The region, also of a resource in a zone. */
export function regionOf(url: string | undefined): string | undefined {
  return zoneOf(url)?.replace(/-[a-z]$/, '') ?? behind(url, 'regions');
}
