import { addressIn, digest } from './digest.mjs';

const PROJECT = 'port22-test';
const ZONE = 'europe-west1-b';
const REGION = 'europe-west1';

const PLACES = {
  global: () => 'global',
  region: (inputs) => `regions/${inputs.region ?? REGION}`,
  zone: (inputs) => `zones/${inputs.zone ?? ZONE}`,
};

/** Types, the word for them in a path, and where they live. */
const KINDS = {
  'gcp:compute/address:Address': ['addresses', 'region'],
  'gcp:compute/firewall:Firewall': ['firewalls', 'global'],
  'gcp:compute/instance:Instance': ['instances', 'zone'],
  'gcp:compute/network:Network': ['networks', 'global'],
  'gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy': ['firewallPolicies', 'global'],
  'gcp:compute/route:Route': ['routes', 'global'],
  'gcp:compute/subnetwork:Subnetwork': ['subnetworks', 'region'],
};

/** Subnetworks that this run has seen: addresses of interfaces come from there. */
const subnetworks = new Map();

function remembered(inputs, id) {
  subnetworks.set(id, inputs);
  return inputs;
}

/** A machine with the addresses that it gets. */
function addressed(inputs, id, known) {
  if (!Array.isArray(inputs.networkInterfaces)) return inputs;
  const networkInterfaces = inputs.networkInterfaces.map((one, index) => {
    const { network, ipCidrRange } = subnetworks.get(one.subnetwork) ?? {};
    const accessConfigs = one.accessConfigs?.map((access) => ({
      natIp: known(addressIn('34.0.0.0/8', `${id} ${index}`)),
      ...access,
    }));
    const made = {
      name: known(`nic${index}`),
      network: known(network ?? ''),
      networkIp: known(addressIn(ipCidrRange, id)),
    };
    return { ...made, ...one, ...(accessConfigs && { accessConfigs }) };
  });
  return { ...inputs, networkInterfaces };
}

/** The id of a resource of Google Cloud is a path that its name ends. */
export function gcpType(type) {
  const [word, place] = KINDS[type] ?? [];
  if (word === undefined) return {};
  return {
    name: 'name',
    ...(word === 'instances' && { filled: addressed }),
    ...(word === 'subnetworks' && { filled: remembered }),
    id: ({ inputs }) => `projects/${inputs.project ?? PROJECT}/${PLACES[place](inputs)}/${word}/${inputs.name}`,
    computed: (id, { inputs }) => ({
      project: PROJECT,
      selfLink: `https://www.googleapis.com/compute/v1/${id}`,
      ...(place === 'zone' && { zone: ZONE }),
      ...(place === 'region' && { region: REGION }),
      ...(word === 'instances' && { currentStatus: 'RUNNING' }),
      ...(word === 'addresses' && { address: addressIn('34.0.0.0/8', digest(id)) }),
      ...(word === 'networks' && { gatewayIpv4: '', numericId: `${Number.parseInt(digest(id).slice(0, 12), 16)}` }),
      ...(word === 'subnetworks' && { gatewayAddress: addressIn(inputs.ipCidrRange, id) }),
    }),
  };
}
