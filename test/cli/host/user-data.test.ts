import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { f0 as awsF0 } from '../../support/aws/fixture.js';
import { f0 as azureF0 } from '../../support/azure/fixture.js';
import { port22, problemsOf, recorded } from '../../support/command.js';
import { f0 as gcpF0 } from '../../support/gcp/fixture.js';
import { tempFolder } from '../../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());

const client = '203.0.113.77';
const base64 = (data: string | Uint8Array) => Buffer.from(data).toString('base64');
let count = 0;

const dropIn = (...ports: readonly number[]) =>
  [
    '#cloud-config',
    'write_files:',
    '- path: /etc/ssh/sshd_config.d/port.conf',
    '  content: |',
    ...ports.map((port) => `    Port ${port}`),
    '',
  ].join('\n');

/** An instance of AWS to which the cloud lets everybody on port 22, of Debian unless said, with user data as the API answers them. */
function aws(value: string | undefined, image: string | null = 'debian-12-amd64-20251006-2257'): string {
  const f = awsF0();
  f.edit('Reservations', 'i-1', { ImageId: 'ami-1' });
  f.sg('sg-1').inbound('tcp 22 0.0.0.0/0');
  const documents = f.documents('cli');
  const more = [
    { path: 'user-data.json', value: { InstanceId: 'i-1', UserData: value === undefined ? {} : { Value: value } } },
    { path: 'images.json', value: { Images: image === null ? [] : [{ ImageId: 'ami-1', Name: image }] } },
  ];
  count += 1;
  return recorded([...documents, ...more], folder.path, `aws-${count}`);
}

async function explained(input: string, target: string, ...more: string[]) {
  const call = ['explain', target, `--from=${client}`, '--in', input];
  const { out, err } = await port22([...call, '--format', 'json', ...more]);
  expect(problemsOf(err)).toEqual([]);
  const [judged] = JSON.parse(out).targets;
  const { out: text } = await port22([...call, ...more]);
  return { verdict: judged.verdict, host: judged.host, text };
}

const codes = (host: { causes: readonly { code: string; component: { kind: string } }[] }) =>
  host.causes.filter(({ component }) => component.kind === 'user-data').map(({ code }) => code);

describe('user data of an instance', () => {
  test('host#83 moves sshd to a port that the cloud does not open', async () => {
    const input = aws(base64(dropIn(2222)));
    const at22 = await explained(input, 'i-1');
    expect(at22.verdict).toBe('reachable');
    expect(at22.host).toMatchObject({ verdict: 'broken', symptom: 'refused' });
    expect(codes(at22.host)).toEqual(['host/other-port']);
    expect(at22.host.otherPorts).toEqual([{ port: 2222, verdict: 'unreachable', symptom: 'times-out' }]);
    expect(at22.text).toContain(
      'boot  after its first boot, sshd listens on another port: 2222 (ssh -p 2222), by write_files[0]: path: /etc/ssh/sshd_config.d/port.conf;',
    );
    expect(at22.text).toContain('        the client is refused\n');
    expect(at22.text).toContain('        tcp/2222 instead: unreachable: the client times out\n');
    const at2222 = await explained(input, 'i-1', '--port', '2222');
    expect(at2222).toMatchObject({ verdict: 'unreachable', host: { verdict: 'unknown' } });
    expect(codes(at2222.host)).toEqual([]);
  });

  test('host#84 edits a line that the stock file does not have', async () => {
    const text =
      "#cloud-config\nruncmd:\n- sed -i 's/^Port 22/Port 2222/' /etc/ssh/sshd_config\n- systemctl restart ssh\n";
    const { host, text: shown } = await explained(aws(base64(text)), 'i-1');
    expect(host.verdict).toBe('ok');
    expect(codes(host)).toEqual(['host/user-data-remark']);
    expect(shown).toContain('the edit changes nothing: no line of /etc/ssh/sshd_config fits');
  });

  test('host#85 is ignored where its first line tells cloud-init nothing', async () => {
    const { host, text } = await explained(aws(base64(dropIn(2222).replace('#cloud', '# cloud'))), 'i-1');
    expect(host.verdict).toBe('ok');
    expect(codes(host)).toEqual(['host/user-data-remark']);
    expect(text).toContain('its first line tells cloud-init nothing');
  });

  test('host#86 switches a firewall on in a shell part of a packed message', async () => {
    const message = [
      'Content-Type: multipart/mixed; boundary="=="',
      'MIME-Version: 1.0',
      '',
      '--==',
      'Content-Type: text/x-shellscript; charset="us-ascii"',
      '',
      '#!/bin/sh',
      'ufw --force enable',
      '--==--',
      '',
    ].join('\n');
    for (const image of ['debian-12-amd64-20251006-2257', null]) {
      const { verdict, host, text } = await explained(aws(base64(gzipSync(message)), image), 'i-1');
      expect({ verdict, host }).toMatchObject({
        verdict: 'reachable',
        host: { verdict: 'broken', symptom: 'times-out' },
      });
      expect(codes(host)).toEqual(['host/firewall-drops']);
      expect(text).toContain('after its first boot, the firewall of the machine drops the packet');
      expect(text).toContain('        the client times out\n');
    }
  });

  test('host#88 gives sshd two ports, and both are open', async () => {
    const more = `${dropIn(2222)}runcmd:\n- echo Port 22 >> /etc/ssh/sshd_config\n- systemctl restart ssh\n`;
    const input = aws(base64(more));
    for (const port of ['22', '2222']) {
      const { host } = await explained(input, 'i-1', '--port', port);
      expect(codes(host)).toEqual([]);
      expect(host.otherPorts).toBeUndefined();
    }
  });

  test('lets some in and keeps others out by its own firewall', async () => {
    const allowing = (source: string) =>
      base64(`#!/bin/sh\nufw allow from ${source} to any port 22\nufw --force enable\n`);
    const open = await explained(aws(allowing('203.0.113.0/24')), 'i-1');
    expect(open.host).toMatchObject({ verdict: 'ok', causes: [] });
    const closed = await explained(aws(allowing('192.0.2.0/24')), 'i-1');
    expect(closed.host).toMatchObject({ verdict: 'broken', symptom: 'times-out' });
  });

  test('of which it depends on the image what it does tells each outcome', async () => {
    const { host, text } = await explained(aws(base64(dropIn(2222)), null), 'i-1');
    expect(host).toMatchObject({ verdict: 'unknown', symptom: 'cannot-tell' });
    expect(host.otherPorts).toBeUndefined();
    expect(text).toMatch(/if its image is of Debian, or Ubuntu up to 22\.04;.* sshd listens on another port: 2222/);
    expect(text).toMatch(/if its image is of Ubuntu from 22\.10 on: who gets to sshd is not known/);
    expect(text).toMatch(/if its image is of Amazon Linux 2: sshd is reached/);
  });

  test('that cannot be told names the line', async () => {
    const text = base64('#!/bin/sh\n/opt/harden --sshd /etc/ssh/sshd_config\nsystemctl restart ssh\n');
    const { verdict, host, text: shown } = await explained(aws(text), 'i-1');
    expect({ verdict, host }).toMatchObject({ verdict: 'reachable', host: { verdict: 'unknown' } });
    expect(shown).toContain('who gets to sshd is not known: /opt/harden --sshd /etc/ssh/sshd_config');
  });

  test('without effect on sshd, or none at all, says nothing', async () => {
    for (const value of [base64('#!/bin/sh\napt-get -y install nginx\n'), '', undefined]) {
      const { host } = await explained(aws(value), 'i-1');
      expect(host).toMatchObject({ verdict: 'ok', causes: [] });
    }
  });

  test('denies by TCP wrappers where sshd is linked with them', async () => {
    const text = base64('#!/bin/sh\necho "sshd: ALL" > /etc/hosts.deny\n');
    const debian = await explained(aws(text), 'i-1');
    expect(debian.host).toMatchObject({ verdict: 'broken', symptom: 'closed' });
    expect(codes(debian.host)).toEqual(['host/tcp-wrappers']);
    const rhel = await explained(aws(text, 'RHEL-9.4.0_HVM-20240605-x86_64'), 'i-1');
    expect(codes(rhel.host)).toEqual([]);
  });

  test('stands in an audit, too, for those whom the cloud lets in', async () => {
    const { out } = await port22(['audit', '--in', aws(base64(dropIn(2222))), '--format', 'json']);
    const found = JSON.parse(out).targets.find((one: { target: { id: string } }) => one.target.id === 'i-1');
    expect(found).toMatchObject({ verdict: 'partial', host: { verdict: 'broken', symptom: 'refused' } });
    expect(codes(found.host)).toEqual(['host/other-port']);
  });

  test('is no question in an audit where the cloud lets nobody in', async () => {
    const { out } = await port22(['audit', '--in', aws(base64(dropIn(2222))), '--format', 'json', '--port', '3333']);
    const found = JSON.parse(out).targets.find((one: { target: { id: string } }) => one.target.id === 'i-1');
    expect(found).toMatchObject({ verdict: 'unreachable', host: { verdict: 'unknown', causes: [] } });
  });

  test('is a hint where somebody works back from what was seen', async () => {
    const saw = 'ssh: connect to host 198.51.100.10 port 22: Connection refused';
    const call = ['diagnose', 'i-1', '--saw', saw, `--from=${client}`, '--in', aws(base64(dropIn(2222)))];
    const { out } = await port22([...call, '--format', 'json']);
    const [attempt] = JSON.parse(out).attempts;
    expect(attempt.causes[0]).toMatchObject({ code: 'host/other-port', standing: 'likely' });
    expect(attempt.contradictions).toEqual([]);
  });
});

describe('metadata of Google Cloud', () => {
  const vm = (items: Readonly<Record<string, string>>, licence = 'ubuntu-os-cloud/global/licenses/ubuntu-2204-lts') => {
    const f = gcpF0().vm('vm1', {
      metadata: { items: Object.entries(items).map(([key, value]) => ({ key, value })) },
      disks: [{ boot: true, licenses: [`https://www.googleapis.com/compute/v1/projects/${licence}`] }],
    });
    count += 1;
    return explained(recorded(f.documents('fetched'), folder.path, `gcp-${count}`), 'vm1');
  };

  test('hold user data for cloud-init', async () => {
    const { verdict, host } = await vm({ 'user-data': dropIn(2222) });
    expect({ verdict, host }).toMatchObject({ verdict: 'reachable', host: { verdict: 'broken', symptom: 'refused' } });
    expect(host.otherPorts).toEqual([{ port: 2222, verdict: 'unreachable', symptom: 'times-out' }]);
    const packed = await vm({ 'user-data': base64(gzipSync(dropIn(2222))), 'user-data-encoding': 'base64' });
    expect(codes(packed.host)).toEqual(['host/other-port']);
  });

  test('hold a startup script, which needs no cloud-init', async () => {
    const script = "sed -i 's/^#Port 22/Port 2222/' /etc/ssh/sshd_config\nsystemctl restart ssh\n";
    const { host } = await vm({ 'startup-script': script }, 'debian-cloud/global/licenses/debian-12-bookworm');
    expect(codes(host)).toEqual(['host/other-port']);
  });

  test('may not be read by an image without cloud-init', async () => {
    const debian = 'debian-cloud/global/licenses/debian-12-bookworm';
    const { host, text } = await vm({ 'user-data': dropIn(2222) }, debian);
    expect(host).toMatchObject({ verdict: 'unknown' });
    expect(text).toContain('images of this distribution come without cloud-init');
  });

  test('name a script elsewhere, or hold no value where they were recorded without', async () => {
    expect((await vm({ 'startup-script-url': 'gs://b/x.sh' })).host).toMatchObject({ verdict: 'unknown', causes: [] });
    expect((await vm({ 'startup-script': '' })).host).toMatchObject({ verdict: 'unknown', causes: [] });
  });
});

describe('user data of Azure', () => {
  const jammy = { publisher: 'Canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts-gen2' };
  const vm = (properties: object) => {
    const f = azureF0().edit('virtualMachines', 'vmA', {
      storageProfile: { osDisk: { osType: 'Linux' }, imageReference: jammy },
      ...properties,
    });
    count += 1;
    return explained(recorded(f.documents('fetched'), folder.path, `azure-${count}`), 'vmA');
  };

  test('may have been read, unless custom data were', async () => {
    const { verdict, host, text } = await vm({ userData: base64(dropIn(2222)) });
    expect({ verdict, host }).toMatchObject({ verdict: 'reachable', host: { verdict: 'risk', symptom: 'refused' } });
    expect(codes(host)).toEqual(['host/other-port', 'host/user-data-unless']);
    expect(text).toContain('that is so unless the machine was made with custom data');
  });

  test('do not count beside custom data', async () => {
    const customData = base64('#!/bin/sh\nufw --force enable\n');
    const { host } = await vm({ userData: base64(dropIn(2222)), osProfile: { customData } });
    expect(host).toMatchObject({ verdict: 'broken', symptom: 'times-out' });
    expect(codes(host)).toEqual(['host/firewall-drops']);
  });
});
