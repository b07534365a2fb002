import { describe } from '@jest/globals';
import type { ProviderAdapter } from './suite/adapter.js';
import { agreement } from './suite/agreement.js';
import { evidence } from './suite/evidence.js';
import { names } from './suite/names.js';
import { sets } from './suite/sets.js';
import { twins } from './suite/twins.js';
import { verdicts } from './suite/verdicts.js';

/** What every cloud owes its users, asked from recorded files to the report. */
export function providerSuite(adapter: ProviderAdapter): void {
  describe(`${adapter.name}, as every provider,`, () => {
    verdicts(adapter);
    sets(adapter);
    evidence(adapter);
    names(adapter);
    agreement(adapter);
    twins(adapter);
  });
}
