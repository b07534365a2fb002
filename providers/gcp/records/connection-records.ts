import { cidr, flag, ipAddress, key, list, may, must, object, sharedText, text } from '../../../src/record/index.js';
import { edgePrefixes, looseNumber, portRange, ports, prefixes, texts, word } from './notation.js';
import type { RecordOf } from './records.js';

/** The nouns of load balancing, of sites, and of what guards the edge. */
const named = { name: key(text), selfLink: may(text) };

export const forwardingRule = object({
  ...named,
  region: may(sharedText),
  IPAddress: may(ipAddress),
  IPProtocol: may(sharedText),
  ports: may(ports),
  portRange: may(portRange),
  allPorts: may(flag),
  loadBalancingScheme: may(sharedText),
  target: may(text),
  backendService: may(text),
  network: may(text),
  allowGlobalAccess: may(flag),
  sourceIpRanges: may(prefixes),
});

export const targetInstance = object({ ...named, instance: must(text), network: may(text) });

export const targetPool = object({ ...named, instances: may(texts) });

export const targetTcpProxy = object({ ...named, service: must(text) });

export const backendService = object({
  ...named,
  region: may(sharedText),
  loadBalancingScheme: may(sharedText),
  portName: may(sharedText),
  network: may(text),
  backends: may(list(object({ group: must(text) }))),
  failoverPolicy: may(object({ dropTrafficIfUnhealthy: may(flag) })),
  securityPolicy: may(text),
});

export const instanceGroup = object({
  ...named,
  network: may(text),
  namedPorts: may(list(object({ name: must(text), port: must(looseNumber) }))),
});

/** Answers about one subject; the question's parameters stand beside them. */
const asked = {
  project: may(text),
  region: may(text),
  zone: may(text),
  router: may(text),
  backendService: may(text),
  group: may(text),
  instanceGroup: may(text),
  resource: may(text),
};

export const groupMembers = object({ ...asked, items: may(list(object({ instance: must(text) }))) });

export const backendHealth = object({
  ...asked,
  healthStatus: may(list(object({ instance: must(text), healthState: may(sharedText) }))),
});

export const iapPermissions = object({ ...asked, permissions: may(texts) });

const learnedRoute = object({
  name: may(text),
  destRange: must(cidr),
  priority: may(looseNumber),
  nextHopVpnTunnel: may(text),
  nextHopInterconnectAttachment: may(text),
  nextHopIp: may(text),
});

export const routerStatus = object({
  ...asked,
  result: must(
    object({
      network: may(text),
      bestRoutes: may(list(learnedRoute)),
      bgpPeerStatus: may(
        list(
          object({
            name: may(text),
            status: may(sharedText),
            linkedVpnTunnel: may(text),
            advertisedRoutes: may(list(object({ destRange: must(cidr) }))),
          }),
        ),
      ),
    }),
  ),
});

export const router = object({ ...named, region: may(sharedText), network: must(sharedText) });

export const vpnTunnel = object({
  ...named,
  region: may(sharedText),
  status: may(
    word(
      'ESTABLISHED',
      'PROVISIONING',
      'WAITING_FOR_FULL_CONFIG',
      'FIRST_HANDSHAKE',
      'NETWORK_ERROR',
      'AUTHORIZATION_ERROR',
      'NEGOTIATION_FAILURE',
      'DEPROVISIONING',
      'FAILED',
      'REJECTED',
      'NO_INCOMING_PACKETS',
      'ALLOCATING_RESOURCES',
      'STOPPED',
      'PEER_IDENTITY_MISMATCH',
      'TS_NARROWING_NOT_ALLOWED',
    ),
  ),
  detailedStatus: may(text),
  router: may(text),
  localTrafficSelector: may(prefixes),
  remoteTrafficSelector: may(prefixes),
});

export const interconnectAttachment = object({
  ...named,
  region: may(sharedText),
  router: may(text),
  state: may(
    word('ACTIVE', 'UNPROVISIONED', 'PENDING_PARTNER', 'PARTNER_REQUEST_RECEIVED', 'PENDING_CUSTOMER', 'DEFUNCT'),
  ),
  operationalStatus: may(word('OS_ACTIVE', 'OS_UNPROVISIONED')),
  adminEnabled: may(flag),
});

const armorMatch = object({
  srcIpRanges: may(edgePrefixes),
  destIpRanges: may(texts),
  destPorts: may(ports),
  ipProtocols: may(texts),
  srcAsns: may(list(looseNumber)),
  srcRegionCodes: may(texts),
  userDefinedFields: may(list(object({}))),
});

export const securityPolicy = object({
  ...named,
  type: may(sharedText),
  rules: may(
    list(
      object({
        priority: must(looseNumber),
        action: must(sharedText),
        preview: may(flag),
        networkMatch: may(armorMatch),
      }),
    ),
  ),
});

export const networkProfile = object({
  ...named,
  features: may(object({ allowExternalIpAccess: may(sharedText), allowVpcFirewallRules: may(sharedText) })),
});

export type ForwardingRule = RecordOf<typeof forwardingRule>;
export type BackendService = RecordOf<typeof backendService>;
export type SecurityPolicy = RecordOf<typeof securityPolicy>;
