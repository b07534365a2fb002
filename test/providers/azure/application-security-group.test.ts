import { describe } from '@jest/globals';
import type { Fixture } from '../../support/azure/fixture.js';
import { networkId, ref } from '../../support/azure/ids.js';
import { child } from '../../support/azure/records.js';
import { BLOCKED, BY_DEFAULT, FROM_B, rows } from '../../support/azure/row.js';

const WEB = networkId('applicationSecurityGroups', 'web');

/** allow-ssh lets in to the members of web. */
function toWeb(f: Fixture): Fixture {
  return f.rule('allow-ssh', {
    destinationAddressPrefix: undefined,
    destinationAddressPrefixes: [],
    destinationApplicationSecurityGroups: [ref(WEB)],
  });
}

/** allow-ssh lets in from the members of web, and nobody else gets in. */
function fromWeb(f: Fixture): Fixture {
  f.rule('allow-ssh', {
    sourceAddressPrefix: undefined,
    sourceAddressPrefixes: [],
    sourceApplicationSecurityGroups: [ref(WEB)],
  });
  return f.deny('deny', { priority: 4096 });
}

describe('as the destination', () => {
  rows([
    { tag: 'azure#51', name: 'a member', given: (f) => toWeb(f).asgs('nicA', 'web'), verdict: 'reachable' },
    { tag: 'azure#52', name: 'not a member', given: (f) => toWeb(f).addAsg('web'), ...BY_DEFAULT },
    {
      tag: 'azure#56',
      name: 'a member of a group that cannot be read',
      given: (f) => toWeb(f).asgs('nicA', 'web').denied('applicationSecurityGroups').without('addressPrefixSets'),
      verdict: 'reachable',
    },
  ]);
});

describe('as the source', () => {
  const prefixSet = (f: Fixture): Fixture => {
    const id = `${WEB}/addressPrefixSets/office`;
    const value = [child(id, { addressPrefixes: ['203.0.113.0/24'] })];
    return fromWeb(f).addAsg('web').answer('addressPrefixSets', { applicationSecurityGroup: WEB }, { value });
  };
  rows([
    {
      tag: 'azure#53',
      name: 'a member',
      given: (f) => fromWeb(f).asgs('nicB', 'web'),
      ...FROM_B,
      verdict: 'reachable',
    },
    {
      tag: 'azure#54',
      name: 'not a member',
      given: (f) => fromWeb(f).addAsg('web'),
      ...FROM_B,
      ...BLOCKED,
      causes: ['azure/nsg-subnet nsg1 deny'],
    },
    { tag: 'azure#55', name: 'in a set of prefixes', given: prefixSet, verdict: 'reachable' },
    {
      tag: 'azure#55',
      name: 'in a set of prefixes that cannot be read',
      given: (f) => prefixSet(f).denied('addressPrefixSets', { applicationSecurityGroup: WEB }),
      verdict: 'unknown',
      missing: ['Microsoft.Network/applicationSecurityGroups/addressPrefixSets/read'],
    },
  ]);
});
