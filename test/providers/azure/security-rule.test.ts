import { describe } from '@jest/globals';
import type { JsonRecord } from '../../support/azure/kinds.js';
import { BY_DEFAULT, type Row, rows } from '../../support/azure/row.js';
import { invented } from '../../support/collected-answers.js';

/** allow-ssh with these properties. */
function ruleR(properties: JsonRecord): Pick<Row, 'given'> {
  return { given: (f) => f.rule('allow-ssh', properties) };
}

describe('the destination', () => {
  const to = (destinationAddressPrefix: string): Pick<Row, 'name' | 'given'> => ({
    name: destinationAddressPrefix,
    ...ruleR({ destinationAddressPrefix }),
  });
  rows([
    { tag: 'azure#9', ...to('20.1.2.3/32'), ...BY_DEFAULT, says: ['private'] },
    { tag: 'azure#10', ...to('10.0.1.4'), verdict: 'reachable' },
    { tag: 'azure#11', ...to('10.0.1.0/24'), verdict: 'reachable' },
    { tag: 'azure#12', ...to('10.0.1.5'), ...BY_DEFAULT },
    { tag: 'azure#13', ...to('VirtualNetwork'), verdict: 'reachable' },
    { tag: 'azure#14', ...to('Internet'), ...BY_DEFAULT },
  ]);
});

describe('the source', () => {
  const from = (sourceAddressPrefix: string): Pick<Row, 'name' | 'given'> => ({
    name: sourceAddressPrefix,
    ...ruleR({ sourceAddressPrefix }),
  });
  const fromAll = (...sourceAddressPrefixes: readonly string[]): Pick<Row, 'given'> =>
    ruleR({ sourceAddressPrefix: '', sourceAddressPrefixes });
  rows([
    { tag: 'azure#15', ...from('203.0.113.0/24'), verdict: 'reachable' },
    { tag: 'azure#16', ...from('203.0.113.8'), ...BY_DEFAULT },
    { tag: 'azure#17', ...from('Internet'), verdict: 'reachable' },
    { tag: 'azure#21', ...from('VirtualNetwork'), ...BY_DEFAULT },
    {
      tag: 'azure#39',
      name: 'several, and an empty single one',
      ...fromAll('203.0.113.7', '198.51.100.0/24'),
      verdict: 'reachable',
    },
    {
      tag: 'azure#40',
      name: 'a tag among several, read back',
      ...fromAll('Internet', '10.0.0.0/8'),
      verdict: 'reachable',
    },
    { tag: 'azure#41', ...from('internet'), verdict: 'reachable' },
    { tag: 'azure#42', ...from('0.0.0.0/0'), verdict: 'reachable' },
  ]);
});

describe('protocols and ports', () => {
  const protocol = (text: string): Pick<Row, 'name' | 'given'> => ({ name: text, ...ruleR({ protocol: text }) });
  const port = (text: string): Pick<Row, 'name' | 'given'> => ({
    name: text,
    ...ruleR({ destinationPortRange: text }),
  });
  rows([
    { tag: 'azure#22', ...protocol('Udp'), ...BY_DEFAULT },
    { tag: 'azure#23', ...protocol('*'), verdict: 'reachable' },
    {
      tag: 'azure#24',
      name: 'words in other letters',
      given: (f) =>
        f.rule('allow-ssh', {
          access: invented('allow'),
          direction: invented('inbound'),
          protocol: invented('TCP'),
        }),
      verdict: 'reachable',
    },
    { tag: 'azure#25', ...protocol('Icmp'), ...BY_DEFAULT },
    { tag: 'azure#26', ...port('20-25'), verdict: 'reachable' },
    {
      tag: 'azure#27',
      name: 'several, and an empty single one',
      ...ruleR({ destinationPortRange: '', destinationPortRanges: ['80', '443', '20-25'] }),
      verdict: 'reachable',
    },
    { tag: 'azure#28', ...port('*'), verdict: 'reachable' },
    { tag: 'azure#29', ...port('2222'), ...BY_DEFAULT },
    {
      tag: 'azure#31',
      name: 'the port of the client, which nobody sends from',
      ...ruleR({ sourcePortRange: '22' }),
      ...BY_DEFAULT,
      says: ['source port'],
    },
    {
      tag: 'azure#32',
      name: 'every port that a client sends from',
      ...ruleR({ sourcePortRange: '', sourcePortRanges: ['1024-65535'] }),
      verdict: 'reachable',
    },
  ]);
});
