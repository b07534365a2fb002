import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseBundle } from '../../providers/host/parse-bundle.js';
import { bundleOf } from '../support/kernel/bundle-text.js';
import { type Lab, startLab } from '../support/kernel/lab.js';
import { describeKernel, GATHER_AND_START_MS } from '../support/kernel/suite.js';

describeKernel('the collector', () => {
  let labs: Readonly<Record<'bookworm' | 'trixie', Lab>>;
  beforeAll(async () => {
    const [bookworm, trixie] = await Promise.all([
      startLab({ machine: true }),
      startLab({ machine: true, suite: 'trixie' }),
    ]);
    labs = { bookworm, trixie };
  }, GATHER_AND_START_MS);
  afterAll(() => Promise.all(Object.values(labs ?? {}).map((lab) => lab.end())));

  test.each(['bookworm', 'trixie'] as const)('records a machine with %s as it is', async (suite) => {
    const { server } = labs[suite];
    const { bundle, problems } = parseBundle(await bundleOf(server, '--client 10.10.1.1'));
    expect(problems).toEqual([]);
    expect(bundle?.whole).toBe(true);
    const said = (key: string) => bundle?.records.get(key)?.stdout;
    expect(said('sockets')).toMatch(/0\.0\.0\.0:22 .*"sshd"/);
    expect(said('unit ssh.service')).toMatch(/^ActiveState=active$/m);
    expect(said('sshd-effective')).toMatch(/^port 22$/m);
    expect(said('journal')).toMatch(/Server listening on 0\.0\.0\.0 port 22\./);
    expect(said('addresses')).toContain('10.10.1.2');
    expect(said('route-get 10.10.1.1')).toContain('dev eth0');
  });

  test('changes nothing of the packet filters that it reads', async () => {
    const { server } = labs.bookworm;
    const state = 'nft list ruleset; cat /proc/net/ip_tables_names /proc/net/ip6_tables_names; ipset save';
    const before = await server.must(state);
    await bundleOf(server);
    expect(await server.must(state)).toBe(before);
  });
});
