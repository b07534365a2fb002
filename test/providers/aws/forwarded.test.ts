import { describe } from '@jest/globals';
import { rows } from '../../support/aws/row.js';

const CORE = 'arn:aws:networkmanager::111122223333:core-network/core-network-1';
const SOURCE = { target: '10.0.1.10', from: '10.77.0.9' };

describe('a network that only a route names', () => {
  rows([
    {
      tag: 'aws 2.3.10',
      name: 'Cloud WAN: who comes over it may get in',
      given: (f) => {
        f.sg('sg-1').inbound('tcp 22 10.0.0.0/8');
        f.table('rtb-pub').routes('0.0.0.0/0 igw-1', `10.77.0.0/16 ${CORE}`);
      },
      ...SOURCE,
      verdict: 'unknown',
      missing: [`aws/ev-route ${CORE}`],
      symptom: 'cannot-tell',
    },
    {
      tag: 'aws 2.3.10',
      name: 'an Outposts local gateway, and no rule that lets anybody in',
      given: (f) => {
        f.sg('sg-1').inbound();
        f.table('rtb-pub').routes('0.0.0.0/0 igw-1', '10.77.0.0/16 lgw-1');
      },
      ...SOURCE,
      verdict: 'unreachable',
      causes: ['aws/sg-no-inbound sg-1'],
      symptom: 'times-out',
    },
  ]);
});
