import { FetchError } from '../../src/record/index.js';

const PUBLIC = 'https://management.azure.com';

/** Azure Resource Manager's root. */
export interface Endpoint {
  /** As it is asked: `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** As the SDK takes it: it refuses to send a token over plain HTTP, loopback or not. */
  readonly secure: string;
  /** What the tokens are for. */
  readonly scope: string;
}

const VARIABLE = 'AZURE_RESOURCE_MANAGER_ENDPOINT';

/** Azure's public cloud unless said. @throws FetchError for what is no endpoint, or one to which a token must not be sent */
export function endpointOf(override?: string): Endpoint {
  const text = override ?? (process.env[VARIABLE] || PUBLIC);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isRoot = url && url.pathname === '/' && url.search + url.hash + url.username + url.password === '';
  const local = url !== undefined && isLoopback(url.hostname);
  if (isRoot && (url.protocol === 'https:' || (url.protocol === 'http:' && local))) {
    const secure = `https://${url.hostname}:${url.port || (url.protocol === 'http:' ? '80' : '443')}`;
    return {
      origin: url.origin,
      secure: url.protocol === 'http:' ? secure : url.origin,
      scope: `${local ? PUBLIC : url.origin}/.default`,
    };
  }
  throw new FetchError({
    what: `${text} is no endpoint of Azure Resource Manager`,
    where: override === undefined ? VARIABLE : '--endpoint',
    why: isRoot && url.protocol === 'http:' ? 'a token must not be sent over plain HTTP' : `one is written ${PUBLIC}`,
    fix: `give it so (https://management.usgovcloudapi.net, https://management.chinacloudapi.cn), or remove ${VARIABLE}`,
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);
}
