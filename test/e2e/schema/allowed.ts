import type { CollectedLine } from '../../support/collected-answers.js';
import type { Finding } from './shape.js';

/** What no schema has although port22 may meet it, with the reason and with where it is documented. */
export interface Allowed {
  readonly reason: string;
  readonly source: string;
  covers(finding: Finding, line: CollectedLine): boolean;
}

const ROW = new Set(['resourceGroup', 'subscriptionId', 'sku']);

/** Everything that is allowed beside the schemas. Each entry is needed by some record, or the suite fails. */
export const allowed: readonly Allowed[] = [
  {
    reason: 'az adds the resource group to everything that has an id',
    source: 'azure-cli, src/azure-cli-core/azure/cli/core/commands/transform.py: _add_resource_group',
    covers: ({ unknown }, { form }) => form === 'az' && unknown === 'resourceGroup',
  },
  {
    reason: 'az vm list --show-details adds the power state in words',
    source:
      "azure-cli, src/azure-cli/azure/cli/command_modules/vm/custom.py: get_vm_details, setattr(result, 'power_state', ...)",
    covers: ({ schema, path }, { form }) =>
      form === 'az' && schema === 'compute.VirtualMachine' && path === 'powerState',
  },
  {
    reason: 'rows of Resource Graph have the same columns whatever they are of, null where there is nothing',
    source: 'https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language (table resources)',
    covers: ({ path }, { operation }) => operation === 'graph' && ROW.has(path),
  },
  {
    reason: 'rows of machines have the power state in properties.extended.instanceView',
    source:
      'https://learn.microsoft.com/azure/governance/resource-graph/samples/advanced (machines by the power state of the extended properties)',
    covers: ({ schema, path }, { operation }) =>
      operation === 'graph' && schema === 'compute.VirtualMachine' && path === 'properties.extended',
  },
  {
    reason: 'the list of sizes in the schema is deprecated, and newer sizes are not added to it',
    source: 'azure-mgmt-compute, VirtualMachineSizeTypes: the enum data type is currently deprecated',
    covers: ({ path }) => /(?:^|\.)hardwareProfile\.vmSize$/.test(path),
  },
];
