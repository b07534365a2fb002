import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { pathRows } from '../../support/aws/path-row.js';

const SITE = '192.168.0.0/16';
const site = { from: '192.168.0.9', target: '10.0.1.10' } as const;

function withSite(f: Fixture): Fixture {
  f.sg('sg-1').inbound(`tcp 22 ${SITE}`);
  return f;
}

describe('private clients where it is not known who is near', () => {
  pathRows([
    {
      tag: 'aws 2.3.8',
      name: 'because no route table was read',
      given: (f) => withSite(f).without('RouteTables'),
      ...site,
      verdict: 'unknown',
    },
    {
      tag: 'aws 2.3.8',
      name: 'whom no group lets in',
      given: (f) => f.without('RouteTables'),
      ...site,
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/sg-no-inbound sg-1'],
    },
    {
      tag: 'aws 2.3.8',
      name: 'because the VPC was not read',
      given: (f) => withSite(f).without('Vpcs'),
      ...site,
      verdict: 'unknown',
    },
    {
      tag: 'aws 2.3.8',
      name: 'although everything was read: then nobody is',
      given: (f) => withSite(f),
      ...site,
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/src-not-routable eni-1'],
    },
  ]);
});
