import { describe } from '@jest/globals';
import type { Fixture } from '../../support/azure/fixture.js';
import {
  adminConfiguration,
  draftRule,
  fromPrefix,
  fromTag,
  networkManager,
} from '../../support/azure/manager-records.js';
import { BLOCKED, BY_DEFAULT, rows } from '../../support/azure/row.js';

const BY_ADMIN = { ...BLOCKED, causes: ['azure/avnm-admin-rule'] } as const;

/** nm1, and its rule `deny` before the security groups. */
function denied(f: Fixture): Fixture {
  return f.add('networkManagers', networkManager('nm1')).adminRule('deny', fromTag('Internet'));
}

/** nm1, and its rule `allow` of this access. */
function allowed(f: Fixture, access: 'Allow' | 'AlwaysAllow'): Fixture {
  f.add('networkManagers', networkManager('nm1'));
  return f.adminRule('allow', { access, ...fromPrefix('203.0.113.7/32') });
}

describe('admin rules before security groups', () => {
  rows([
    { tag: 'azure#106', name: 'deny', given: denied, ...BY_ADMIN },
    {
      tag: 'azure#107',
      name: 'always allow',
      given: (f) => allowed(f, 'AlwaysAllow').noRule('allow-ssh'),
      verdict: 'reachable',
    },
    {
      tag: 'azure#108',
      name: 'allow: the security groups still decide',
      given: (f) => allowed(f, 'Allow').noRule('allow-ssh'),
      ...BY_DEFAULT,
    },
    {
      tag: 'azure#109',
      name: 'allow before deny',
      given: (f) => denied(f).adminRule('allow', { access: 'Allow', priority: 5 }),
      verdict: 'reachable',
    },
    {
      tag: 'azure#112',
      name: 'always allow, and no security group at all',
      given: (f) => allowed(f, 'AlwaysAllow').noNsg(),
      verdict: 'unknown',
    },
    {
      tag: 'azure#115',
      name: 'of any protocol, without sources',
      given: (f) => denied(f).adminRule('deny-all', { protocol: 'Any', sources: undefined, priority: 5 }),
      ...BY_ADMIN,
    },
  ]);
});

describe('admin rules that do not apply', () => {
  rows([
    {
      tag: 'azure#110',
      name: 'drafted only',
      given: (f) => {
        f.add('networkManagers', networkManager('nm1'));
        f.add('securityAdminConfigurations', adminConfiguration('nm1', 'None'));
        f.add('adminRules', draftRule('deny', fromTag('Internet'), 'nm1'));
      },
      verdict: 'reachable',
    },
    {
      tag: 'azure#111',
      name: 'in a network with a SQL Managed Instance',
      given: (f) => {
        const properties = { serviceName: 'Microsoft.Sql/managedInstances', provisioningState: 'Succeeded' };
        f.addSubnet('vnet1/mi', '10.0.50.0/24', { delegations: [{ name: 'mi', properties }] });
        denied(f).add('securityAdminConfigurations', adminConfiguration('nm1', 'None'));
      },
      verdict: 'reachable',
    },
  ]);
});

describe('admin rules of two managers', () => {
  const root = '/providers/Microsoft.Management/managementGroups/00000000-aaaa-bbbb-cccc-000000000000';
  rows([
    {
      tag: 'azure#114',
      name: 'the higher scope wins',
      given: (f) => {
        f.add('networkManagers', networkManager('nm-root', { managementGroups: [root], subscriptions: [] }));
        f.add('networkManagers', networkManager('nm-sub'));
        f.adminRule('always', { access: 'AlwaysAllow', priority: 1 }, 'nm-sub');
        f.adminRule('deny', { priority: 100 }, 'nm-root');
      },
      ...BLOCKED,
      causes: ['azure/avnm-admin-rule'],
    },
  ]);
});

describe('admin rules that cannot be read', () => {
  const unread = (f: Fixture): Fixture => f.denied('effectiveAdminRules', f.vnetSubject('vnet1'));
  const missing = ['Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action'];
  rows([
    {
      tag: 'azure#113',
      name: 'where the security group allows',
      given: unread,
      verdict: 'unknown',
      bestGuess: 'reachable',
      missing,
    },
    {
      tag: 'azure#113',
      name: 'where the security group denies',
      given: (f) => unread(f).noRule('allow-ssh'),
      verdict: 'unknown',
      bestGuess: 'unreachable',
      missing,
    },
  ]);
});
