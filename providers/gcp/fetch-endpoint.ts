import { FetchError } from '../../src/record/index.js';
import type { GcpService } from './operations.js';

const DEFAULT_UNIVERSE = 'googleapis.com';

/** The root of a Google API, from gcloud's variable for it or from the universe. */
export function endpointOf(service: GcpService, override?: string): URL {
  const variable = `CLOUDSDK_API_ENDPOINT_OVERRIDES_${service.toUpperCase()}`;
  const text = override ?? (process.env[variable] || undefined);
  if (text === undefined) return new URL(`https://${service}.${universe()}/`);
  if (URL.canParse(text)) {
    const url = new URL(text);
    const isWeb = /^https?:$/.test(url.protocol);
    // Compute Engine's SDK takes host, port and protocol, and writes the path itself.
    if (isWeb && (service !== 'compute' || /^\/(?:compute\/v1\/?)?$/.test(url.pathname))) return url;
  }
  const example =
    service === 'compute' ? `https://${service}.example.com/compute/v1/` : `https://${service}.example.com/`;
  throw new FetchError({
    what: `${text} is no endpoint of ${service}`,
    where: variable,
    why: `an endpoint is written ${example}`,
    fix: `set ${variable} so, or remove it`,
  });
}

/** Tags are kept in the zone of what has them. */
export function tagsEndpoint(zone: string): URL {
  const own = process.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER;
  return own ? endpointOf('cloudresourcemanager') : new URL(`https://${zone}-cloudresourcemanager.${universe()}/`);
}

function universe(): string {
  return process.env.GOOGLE_CLOUD_UNIVERSE_DOMAIN || DEFAULT_UNIVERSE;
}
