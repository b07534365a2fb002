import { expect, test } from '@jest/globals';
import { f0 } from '../support/azure/fixture.js';
import { SUBSCRIPTION } from '../support/azure/ids.js';
import { fetcher } from '../support/azure-server/fetcher.js';
import { reportCalls } from '../support/report-calls.js';

const azure = fetcher();

/** Azure Resource Manager cuts its lists as it likes. */
const PAGE = 250;

async function callsFor(machines: number, subscriptions = [SUBSCRIPTION]): Promise<number> {
  const fixture = f0();
  for (let number = 2; number < machines; number += 1)
    fixture.addVm(`X${number}`, { subnet: 'vnet1/s1', ip: `10.0.${4 + (number >> 8)}.${number & 255}` });
  const server = await azure.serve({ documents: fixture.documents('fetched'), pageSize: PAGE });
  await azure.fetched({ subscriptions });
  return server.requests.length;
}

test('a thousand machines take one call more for each page of machines, of their states and of interfaces', async () => {
  const [few, many] = [await callsFor(2), await callsFor(1000)];
  reportCalls('Azure, one network in one location, pages of 250', { few, many });
  expect(many - few).toBe(3 * (1000 / PAGE - 1));
  expect(many).toBeLessThan(40);
});

test('through Resource Graph, one for each page of states and one for each thousand records of all kinds', async () => {
  const [few, many] = [await callsFor(2, ['all']), await callsFor(1000, ['all'])];
  reportCalls('Azure, the same as a tenant through Resource Graph', { few, many });
  expect(many - few).toBe(1000 / PAGE - 1 + 2);
  expect(many).toBeLessThan(20);
});
