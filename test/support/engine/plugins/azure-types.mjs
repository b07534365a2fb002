import { addressIn, digest } from './digest.mjs';

const SUBSCRIPTION = '/subscriptions/11111111-1111-1111-1111-111111111111';

/** Types by their last word: the path below a resource group, as words and the inputs that name them; the last one is the type's own. */
const PATHS = {
  ApplicationSecurityGroup: ['Microsoft.Network/applicationSecurityGroups', 'applicationSecurityGroupName'],
  NetworkInterface: ['Microsoft.Network/networkInterfaces', 'networkInterfaceName'],
  NetworkSecurityGroup: ['Microsoft.Network/networkSecurityGroups', 'networkSecurityGroupName'],
  PublicIPAddress: ['Microsoft.Network/publicIPAddresses', 'publicIpAddressName'],
  Route: ['Microsoft.Network/routeTables', 'routeTableName', 'routes', 'routeName'],
  RouteTable: ['Microsoft.Network/routeTables', 'routeTableName'],
  SecurityRule: [
    'Microsoft.Network/networkSecurityGroups',
    'networkSecurityGroupName',
    'securityRules',
    'securityRuleName',
  ],
  Subnet: ['Microsoft.Network/virtualNetworks', 'virtualNetworkName', 'subnets', 'subnetName'],
  VirtualMachine: ['Microsoft.Compute/virtualMachines', 'vmName'],
  VirtualNetwork: ['Microsoft.Network/virtualNetworks', 'virtualNetworkName'],
};

/** The id of a resource of Azure is a path that its name ends. */
export function azureType(type) {
  const kind = type.split(':').at(-1);
  if (kind === 'ResourceGroup') {
    return named(['resourceGroupName'], ({ inputs }) => `${SUBSCRIPTION}/resourceGroups/${inputs.resourceGroupName}`);
  }
  const path = PATHS[kind];
  if (path === undefined) return {};
  const names = path.filter((_, place) => place % 2 === 1);
  return named(['resourceGroupName', ...names], ({ inputs }) => {
    const words = path.map((word, place) => (place % 2 === 0 ? word : inputs[word]));
    return `${SUBSCRIPTION}/resourceGroups/${inputs.resourceGroupName}/providers/${words.join('/')}`;
  });
}

/** A type that inputs name, from the group down to itself; Azure gives back only the last one, as `name`. */
function named(names, id) {
  const name = names.at(-1);
  return {
    name,
    id,
    inputsOnly: names,
    computed: (path, { type, inputs }) => ({
      etag: digest(path).slice(0, 8),
      name: inputs[name],
      provisioningState: 'Succeeded',
      ...(type.endsWith(':PublicIPAddress') && { ipAddress: addressIn('20.0.0.0/8', path) }),
    }),
  };
}
