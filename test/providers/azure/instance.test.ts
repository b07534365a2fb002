import { describe } from '@jest/globals';
import { BLOCKED, rows } from '../../support/azure/row.js';
import { flexible, uniform } from '../../support/azure/scale-set.js';

describe('the power state', () => {
  const POWER = { ...BLOCKED, causes: ['azure/vm-power vmA'] } as const;
  rows([
    {
      tag: 'azure#116',
      name: 'deallocated, and its static address kept',
      given: (f) => f.power('vmA', 'deallocated'),
      ...POWER,
    },
    { tag: 'azure#117', name: 'stopped', given: (f) => f.power('vmA', 'stopped'), ...POWER },
    { tag: 'azure#118', name: 'starting', given: (f) => f.power('vmA', 'starting'), ...POWER },
    {
      tag: 'azure#119',
      name: 'not in the answer',
      given: (f) => f.power('vmA'),
      verdict: 'unknown',
      bestGuess: 'reachable',
    },
  ]);
});

describe('an instance of a scale set', () => {
  rows([
    {
      tag: 'azure#103',
      name: 'Uniform, with a security group on its interface',
      given: (f) => uniform(f.addNsg('nsg2', {}).rule('allow-ssh', {}, 'nsg2'), 'nsg2'),
      target: '20.3.3.3',
      verdict: 'reachable',
    },
    {
      tag: 'azure#104',
      name: 'Uniform, without a security group',
      given: (f) => uniform(f),
      target: '20.3.3.3',
      ...BLOCKED,
      causes: ['azure/standard-ip-closed'],
    },
    { tag: 'azure#105', name: 'Flexible', given: flexible, verdict: 'reachable' },
  ]);
});
