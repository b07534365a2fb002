/** What a kind of layer is called, and what to say when it lets a packet through without naming a rule. */
export interface LayerWords {
  readonly label: string;
  readonly passes: string;
}

const words: Readonly<Record<string, LayerWords>> = {
  instance: { label: 'instance', passes: 'is running' },
  'instance-operator': { label: 'instance', passes: 'takes connections of users' },
  address: { label: 'network interface', passes: 'has the address that the client dials' },
  source: { label: 'internet gateway', passes: 'takes the source' },
  'block-public-access': { label: 'block public access', passes: 'is off, or leaves the subnet alone' },
  'encryption-control': { label: 'encryption control', passes: 'does not stop it' },
  'internet-gateway': { label: 'internet gateway', passes: 'is attached' },
  'edge-route-table': { label: 'gateway route table', passes: 'delivers to the subnet' },
  'source-security-group': { label: "source's security group", passes: 'nothing known keeps it in' },
  'source-network-acl': { label: "source's network acl", passes: 'nothing known keeps it in' },
  'source-route-table': { label: "source's route table", passes: 'leads out' },
  'source-subnet': { label: "source's subnet", passes: 'is known' },
  appliance: { label: 'appliance', passes: 'lets it through' },
  transport: { label: 'connection', passes: 'is there' },
  'vpc-peering-connection': { label: 'vpc peering', passes: 'is active' },
  'transit-gateway': { label: 'transit gateway', passes: 'leads on' },
  'transit-gateway-attachment': { label: 'transit gateway attachment', passes: 'is available' },
  'transit-gateway-route-table': { label: 'transit gateway route table', passes: 'leads on' },
  'vpn-gateway': { label: 'vpn gateway', passes: 'is attached' },
  'vpn-connection': { label: 'vpn connection', passes: 'is up' },
  'core-network': { label: 'core network', passes: 'leads on' },
  'local-gateway': { label: 'local gateway', passes: 'leads on' },
  'carrier-gateway': { label: 'carrier gateway', passes: 'leads on' },
  'direct-connect': { label: 'direct connect', passes: 'is up' },
  'transit-gateway-subnet': { label: 'transit gateway subnet', passes: 'leads on' },
  subnet: { label: 'subnet', passes: 'is known' },
  vpc: { label: 'vpc', passes: 'is known' },
  'route-table': { label: 'route table', passes: 'leads back' },
  'source-firewall': { label: "source's firewall", passes: 'nothing known keeps it in' },
  'source-egress': { label: 'way out of', passes: 'leads out' },
  'network-peering': { label: 'network peering', passes: 'is active' },
  'vpn-tunnel': { label: 'vpn tunnel', passes: 'is up' },
  router: { label: 'cloud router', passes: 'announces the subnet' },
  site: { label: 'site', passes: 'lets it through' },
  iap: { label: 'identity-aware proxy', passes: 'takes the caller' },
  'forwarding-rule': { label: 'forwarding rule', passes: 'takes it' },
  'backend-service': { label: 'backend service', passes: 'has the instance' },
  target: { label: 'target', passes: 'has the instance' },
  'security-policy': { label: 'edge security policy', passes: 'lets it through' },
  network: { label: 'network', passes: 'is an ordinary one' },
  'internet-edge': { label: 'internet edge of network', passes: 'takes the source' },
  firewall: { label: 'firewall', passes: 'lets it through' },
  'firewall-rule': { label: 'firewall rule', passes: 'lets it through' },
  'firewall-policy': { label: 'firewall policy', passes: 'lets it through' },
  route: { label: 'route', passes: 'leads back' },
  'network-acl': { label: 'network acl', passes: 'lets it through' },
  'security-group': { label: 'security group', passes: 'lets it through' },
  'load-balancer': { label: 'load balancer', passes: 'takes it' },
  listener: { label: 'listener', passes: 'forwards it' },
  'target-group': { label: 'target group', passes: 'has the instance' },
};

/** The words for a kind of layer or component; a kind that has none is called by its own name. */
export function layerWords(kind: string): LayerWords {
  return words[kind] ?? { label: kind.replaceAll('-', ' '), passes: 'lets it through' };
}
