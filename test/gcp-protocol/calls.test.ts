import { expect, test } from '@jest/globals';
import { f0 } from '../support/gcp/fixture.js';
import { fetcher } from '../support/gcp-server/fetcher.js';
import { reportCalls } from '../support/report-calls.js';

const gcp = fetcher();

/** The largest page that Google's lists have. */
const PAGE = 500;

async function callsFor(instances: number): Promise<number> {
  const fixture = f0();
  for (let number = 1; number < instances; number += 1)
    fixture.addVm({ name: `vm-${number}`, ip: `10.0.${number >> 8}.${number & 255}`, network: 'net1', subnet: 'sn1' });
  const documents = fixture.documents('fetched');
  const server = await gcp.serve({ documents, cut: { pageSize: PAGE } });
  await gcp.fetched();
  return server.requests.length;
}

test('a thousand instances take one call more for each page', async () => {
  const [few, many] = [await callsFor(2), await callsFor(1000)];
  reportCalls('Google Cloud, one network in one region, pages of 500', { few, many });
  // Places without instances take room on the pages, too.
  expect(many - few).toBe(1000 / PAGE);
  expect(many).toBeLessThan(40);
});
