import { awsCauses } from './aws-causes.js';
import { azureCauses } from './azure-causes.js';
import type { Entry } from './entry.js';
import { gcpCauses } from './gcp-causes.js';
import { hostCauses, userDataRemarks } from './host-causes.js';

/** Every code that a cause can carry, with its words. A code without an entry is a bug that a test finds. */
export const catalogue: Readonly<Record<string, Entry>> = {
  ...awsCauses,
  ...gcpCauses,
  ...azureCauses,
  ...hostCauses,
  ...userDataRemarks,
};
