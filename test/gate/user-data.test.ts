import { Buffer } from 'node:buffer';
import { afterAll, describe, expect, test } from '@jest/globals';
import { port22 } from '../support/command.js';
import { previewOf as azurePreviewOf, group, machineBehind, ssh } from '../support/gate/azure-plan.js';
import { f0With, later, type Made, made, packPlanOf, previewOf } from '../support/gate/deployment.js';
import { GcpProgram } from '../support/gate/gcp-plan.js';
import { blockersOf } from '../support/gate/verdict.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());
let count = 0;

/** Not what the cloud's own records tell of the machine. */
const isOfUserData = (code: string) => code.startsWith('host/');

const moves = "#!/bin/sh\nsed -i 's/^#Port 22/Port 2222/' /etc/ssh/sshd_config\nsystemctl restart ssh sshd\n";
const guards = '#!/bin/sh\napt-get install -y ufw\nufw --force enable\n';

/** What the first boot of a machine of a preview comes to, for a client of the internet. */
async function hostIn(preview: object, target: string) {
  count += 1;
  folder.write({ [`${count}.json`]: JSON.stringify(preview) });
  const from = '--from=198.51.100.7';
  const { out } = await port22(['explain', target, from, '--in', `${folder.path}/${count}.json`, '--format', 'json']);
  const [{ verdict, host }] = JSON.parse(out).targets;
  return { verdict, ...host, codes: host.causes.map(({ code }: { code: string }) => code).filter(isOfUserData) };
}

describe('user data of a machine of the program', () => {
  const web = (inputs: object, type = 'Instance') =>
    made(type, 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('sg')], ...inputs });
  const awsHost = (given: readonly Made[]) => hostIn(previewOf(given), 'web');

  test.each<[string, readonly Made[], string, string]>([
    ['as text', f0With({ web: web({ userData: guards }) }), 'host/firewall-drops', 'times-out'],
    [
      'in base64',
      f0With({ web: web({ userDataBase64: Buffer.from(guards).toString('base64') }) }),
      'host/firewall-drops',
      'times-out',
    ],
    [
      'of its template',
      f0With(
        { web: web({ launchTemplate: { id: later('lt') } }) },
        made('LaunchTemplate', 'lt', { userData: Buffer.from(guards).toString('base64') }),
      ),
      'host/firewall-drops',
      'times-out',
    ],
  ])('%s', async (_, given, code, symptom) => {
    expect(await awsHost(given)).toMatchObject({ verdict: 'broken', symptom, codes: [code] });
  });

  test('that nobody knows before the deployment says nothing', async () => {
    expect(await awsHost(f0With({ web: web({ userData: later('other') }) }))).toMatchObject({ codes: [] });
    expect(await awsHost(f0With({}))).toMatchObject({ codes: [] });
  });

  test('keeps out whoever must get in, as the policy tells', () => {
    expect(blockersOf(packPlanOf(f0With({ web: web({ userData: guards }) })), 'web')).toEqual(['firewall-drops']);
    expect(blockersOf(packPlanOf(f0With({ web: web({ userData: '#!/bin/sh\ntrue\n' }) })), 'web')).toEqual([]);
    // One of them is let in by the machine, the other is not.
    const userData = '#!/bin/sh\nufw allow from 198.51.100.7 to any port 22\nufw --force enable\n';
    const some = packPlanOf(f0With({ web: web({ userData }) }));
    expect(blockersOf(some, 'web')).toEqual([]);
    expect(blockersOf(some, 'web', ['198.51.100.7/32', '203.0.113.7/32'])).toEqual(['firewall-drops']);
  });
});

describe('what a machine of Google Cloud runs at its boot', () => {
  const bootDisk = { initializeParams: { image: 'debian-cloud/debian-12' } };
  const gcpHost = (inputs: object) =>
    hostIn(
      new GcpProgram()
        .network('net')
        .firewall('ssh')
        .vm('web', { bootDisk, ...inputs })
        .preview(),
      'web',
    );

  test.each([
    ['in its metadata', { metadata: { 'startup-script': moves } }],
    ['in a property of its own', { metadataStartupScript: moves }],
  ])('%s', async (_, inputs) => {
    const { symptom, codes, otherPorts } = await gcpHost(inputs);
    expect({ symptom, codes }).toEqual({ symptom: 'refused', codes: ['host/other-port'] });
    expect(otherPorts).toMatchObject([{ port: 2222, verdict: 'unreachable' }]);
  });

  test('is not known where its metadata are not', async () => {
    expect(await gcpHost({ metadata: '04da6b54-80e4-46f7-96ec-b56ff0331ba9' })).toMatchObject({ codes: [] });
  });
});

describe('what a machine of Azure reads when it boots', () => {
  const azureHost = (inputs: object) => {
    const resources = machineBehind({ group: group('nsg', ssh('ssh')) }).map((one) =>
      one.type.endsWith(':VirtualMachine') ? { ...one, inputs: { ...one.inputs, ...inputs } } : one,
    );
    return hostIn(azurePreviewOf(resources), 'vm');
  };
  const imageReference = { publisher: 'Debian', offer: 'debian-12', sku: '12-gen2' };

  test('are its custom data', async () => {
    const customData = Buffer.from(moves).toString('base64');
    const inputs = { osProfile: { customData }, storageProfile: { imageReference } };
    expect(await azureHost(inputs)).toMatchObject({
      symptom: 'refused',
      codes: ['host/other-port'],
      otherPorts: [{ port: 2222, verdict: 'unreachable', symptom: 'times-out' }],
    });
  });
});
