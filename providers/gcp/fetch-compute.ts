import { AsyncLocalStorage } from 'node:async_hooks';
import { type Attempt, exchange, readBody, type SdkAuth, unreadable } from './fetch-wire.js';
import type { GcpCall } from './operations.js';
import type { Json } from './records/recorded-answer.js';

/** What the SDK's clients of all services have in common. */
interface Client {
  initialize(): Promise<unknown>;
  close(): Promise<void>;
  readonly innerApiCalls: Readonly<Record<string, (request: object, options: object) => Promise<unknown>>>;
}

type ClientClass = new (options: object) => Client;

/** One file each: the whole package takes a second to load. */
const clients: Readonly<Record<string, () => Promise<object>>> = {
  addresses: () => import('@google-cloud/compute/build/src/v1/addresses_client.js'),
  backendServices: () => import('@google-cloud/compute/build/src/v1/backend_services_client.js'),
  firewalls: () => import('@google-cloud/compute/build/src/v1/firewalls_client.js'),
  forwardingRules: () => import('@google-cloud/compute/build/src/v1/forwarding_rules_client.js'),
  instanceGroups: () => import('@google-cloud/compute/build/src/v1/instance_groups_client.js'),
  instances: () => import('@google-cloud/compute/build/src/v1/instances_client.js'),
  interconnectAttachments: () => import('@google-cloud/compute/build/src/v1/interconnect_attachments_client.js'),
  networkEndpointGroups: () => import('@google-cloud/compute/build/src/v1/network_endpoint_groups_client.js'),
  networks: () => import('@google-cloud/compute/build/src/v1/networks_client.js'),
  regionBackendServices: () => import('@google-cloud/compute/build/src/v1/region_backend_services_client.js'),
  regionInstanceGroups: () => import('@google-cloud/compute/build/src/v1/region_instance_groups_client.js'),
  regionNetworkFirewallPolicies: () =>
    import('@google-cloud/compute/build/src/v1/region_network_firewall_policies_client.js'),
  routers: () => import('@google-cloud/compute/build/src/v1/routers_client.js'),
  routes: () => import('@google-cloud/compute/build/src/v1/routes_client.js'),
  securityPolicies: () => import('@google-cloud/compute/build/src/v1/security_policies_client.js'),
  subnetworks: () => import('@google-cloud/compute/build/src/v1/subnetworks_client.js'),
  targetInstances: () => import('@google-cloud/compute/build/src/v1/target_instances_client.js'),
  targetPools: () => import('@google-cloud/compute/build/src/v1/target_pools_client.js'),
  targetTcpProxies: () => import('@google-cloud/compute/build/src/v1/target_tcp_proxies_client.js'),
  vpnTunnels: () => import('@google-cloud/compute/build/src/v1/vpn_tunnels_client.js'),
};

/** One page on its way: what came, before the SDK dropped what it does not know. */
interface Page extends Attempt {
  text?: string;
}

/** Compute Engine through Google's SDK. */
export class Compute {
  private readonly auth: SdkAuth;
  private readonly endpoint: URL;
  private readonly opened = new Map<string, Promise<Client>>();
  private readonly pages = new AsyncLocalStorage<Page>();

  constructor(auth: SdkAuth, endpoint: URL) {
    this.endpoint = endpoint;
    this.auth = Object.assign(Object.create(auth) as SdkAuth, {
      fetch: async (url: string | URL, init: object = {}) => {
        const page = this.pages.getStore();
        if (!page) throw new Error('the SDK asked for something by itself');
        page.text = await exchange(auth, String(url), init, page);
        return new Response(page.text);
      },
    });
  }

  /** One page of an answer, as the service wrote it and the SDK can read it. @throws CallFailure, or whatever the SDK throws */
  async page({ operation, request }: GcpCall, token: string | undefined, attempt: Attempt): Promise<Json> {
    const [, collection = '', method = ''] = operation.id.split('.');
    const client = await this.client(collection);
    const page: Page = { ...attempt };
    await this.pages.run(page, async () => {
      const send = client.innerApiCalls[method];
      if (!send) throw new Error(`the SDK has no ${operation.id}`);
      try {
        await send({ ...request, ...(token !== undefined && { pageToken: token }) }, { autoPaginate: false });
      } catch (error) {
        throw page.text === undefined ? error : unreadable(error, page.text);
      }
    });
    return readBody(page.text ?? '', attempt.reviver);
  }

  close(): void {
    for (const client of this.opened.values()) client.then((own) => own.close()).catch(() => undefined);
  }

  private client(collection: string): Promise<Client> {
    const client = this.opened.get(collection) ?? this.open(collection);
    this.opened.set(collection, client);
    return client;
  }

  private async open(collection: string): Promise<Client> {
    const sdk = await clients[collection]?.();
    const name = `${collection[0]?.toUpperCase()}${collection.slice(1)}Client`;
    const Client: ClientClass | undefined = sdk && Reflect.get(sdk, name);
    if (!Client) throw new Error(`the SDK has no ${name}`);
    const { hostname, port, protocol } = this.endpoint;
    const web = protocol.replace(':', '');
    const client = new Client({
      authClient: this.auth,
      apiEndpoint: hostname,
      port: port === '' ? (web === 'http' ? 80 : 443) : Number(port),
      protocol: web,
    });
    await client.initialize();
    return client;
  }
}
