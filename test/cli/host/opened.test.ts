import { describe, expect, test } from '@jest/globals';
import { ago, diagnosed, explainedSaw, type Records, sshdRow, standings } from '../../support/host/machine.js';

const client = { from: '10.22.1.2' };
const opened = 'debug1: Connecting to 10.22.2.2 [10.22.2.2] port 22.\ndebug1: Connection established.\n';
const closed = `${opened}kex_exchange_identification: Connection closed by remote host\nConnection closed by 10.22.2.2 port 22\n`;
const banner = (line: string) =>
  `${opened}debug1: kex_exchange_identification: banner line 0: ${line}\nkex_exchange_identification: Connection closed by remote host\nConnection closed by 10.22.2.2 port 22\n`;
const silent = `${opened}debug1: Local version string SSH-2.0-OpenSSH_9.2p1\nConnection timed out during banner exchange\nConnection to 10.22.2.2 port 22 timed out\n`;
const took = (seconds: number) => `\nreal\t0m${seconds.toFixed(3)}s\n`;

const oldSshd = { stderr: 'OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17 1 Jul 2025\n' };
const listening = `${ago(86_400)} web-1 sshd[700]: Server listening on 0.0.0.0 port 22.\n`;
const title = (startups: string) =>
  `    700       1 Ss    86400 sshd: /usr/sbin/sshd -D [listener] ${startups} startups\n`;

async function codesOf(saw: string, records?: Records): Promise<readonly string[]> {
  return (await diagnosed(saw, records, records && client)).causes.map(({ code }) => code);
}

describe('after the connection opened', () => {
  test('host#60 five seconds of silence and an end are TCP wrappers', async () => {
    const diagnosis = await diagnosed(`${closed}${took(5.02)}`);
    expect(diagnosis.observation).toMatchObject({ stage: 'connected', elapsed: 5020 });
    expect(diagnosis.causes[0]?.code).toBe('host/tcp-wrappers');
    const records = {
      libwrap: '\tlibwrap.so.0 => /lib/x86_64-linux-gnu/libwrap.so.0 (0x00007f29d4c1e000)\n',
      'file /etc/hosts.deny': 'sshd: 10.22.1.2\n',
    };
    const proved = await diagnosed(`${closed}${took(5.02)}`, records, client);
    expect(standings(proved)).toMatchObject({ proved: ['host/tcp-wrappers'], likely: [] });
    expect(proved.causes[0]?.code).toBe('host/tcp-wrappers');
  });

  test('host#61 MaxStartups says so itself, and the title of the listener tells which limit', async () => {
    expect(await codesOf(banner('Exceeded MaxStartups'))).toEqual([
      'host/max-startups',
      'host/per-source-max-startups',
    ]);
    const records = { processes: title('3 of 3-3'), 'sshd-version': oldSshd };
    const { causes } = await diagnosed(banner('Exceeded MaxStartups'), records, client);
    expect(causes[0]).toMatchObject({ code: 'host/max-startups', standing: 'proved' });
  });

  const notAllowed = banner('Not allowed at this time');

  test('host#62 a penalty, by the log', async () => {
    const journal = `${listening}${ago(5)} web-1 sshd[700]: drop connection #0 from [10.22.1.2]:51860 on [10.22.2.2]:22 penalty: failed authentication\n`;
    const { causes } = await diagnosed(notAllowed, { journal }, client);
    expect(causes[0]).toMatchObject({ code: 'host/per-source-penalty', standing: 'likely' });
    expect(causes[0]?.why).toMatch(/wait, .* right key/);
  });

  test('host#63 without a log it is one of several', async () => {
    const diagnosis = await diagnosed(notAllowed, { journal: '' }, client);
    const { proved, likely, possible } = standings(diagnosis);
    expect({ proved, likely }).toEqual({ proved: [], likely: [] });
    // On OpenSSH 10.0 a deleted /run/sshd ends in a penalty as well.
    expect([...possible].sort()).toEqual([
      'host/max-startups',
      'host/per-source-max-startups',
      'host/per-source-penalty',
      'host/privsep-directory-deleted',
    ]);
  });

  test.each([
    [
      'host#64',
      'host/host-keys-deleted',
      [
        `${ago(20)} web-1 sshd[801]: sshd: no hostkeys available -- exiting.`,
        `${ago(10)} web-1 sshd[802]: sshd: no hostkeys available -- exiting.`,
      ],
    ],
    [
      'host#65',
      'host/sshd-upgraded',
      [`${ago(10)} web-1 sshd[802]: error: rexec of /usr/lib/openssh/sshd-session failed: No such file or directory`],
    ],
  ])('%s each connection ends in %s', async (_tag, code, lines) => {
    const journal = `${listening}${lines.join('\n')}\n`;
    const diagnosis = await diagnosed(closed, { journal, 'sshd-version': oldSshd }, client);
    expect(diagnosis.causes[0]).toMatchObject({ code, standing: 'proved' });
    expect(standings(diagnosis).proved).toEqual([code]);
  });

  test('a socket unit that turned a connection away, told once', async () => {
    const line = `${ago(5)} web-1 systemd[1]: ssh.socket: Too many incoming connections (64), dropping connection.`;
    const { causes } = await diagnosed(closed, { journal: `${listening}${line}\n` }, client);
    expect(causes[0]).toMatchObject({
      code: 'host/socket-connections',
      standing: 'likely',
      evidence: [{ at: 'journal', line }],
    });
  });

  test('host#66 sshd is stopped, and three wait', async () => {
    const records = {
      processes: '    700       1 Ts    86400 sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups\n',
      sockets: sshdRow('0.0.0.0:22').replace('LISTEN 0', 'LISTEN 3'),
    };
    const diagnosis = await diagnosed(`${silent}${took(10)}`, records, client);
    expect(diagnosis.causes[0]).toMatchObject({ code: 'host/sshd-hung', standing: 'proved' });
    expect(standings(diagnosis).proved).toEqual(['host/sshd-hung']);
  });

  const greeted = `${opened}debug1: Local version string SSH-2.0-OpenSSH_9.2p1\ndebug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1\ndebug1: SSH2_MSG_KEXINIT sent\n`;

  test.each([
    ['and nothing more', greeted],
    ['until a timer', `${greeted}Connection to 10.22.2.2 port 22 timed out\n`],
  ])('host#79 a greeting, and no key exchange: %s', async (_name, saw) => {
    const diagnosis = await diagnosed(saw);
    const codes = diagnosis.causes.map(({ code }) => code);
    expect(diagnosis.observation.symptoms).toEqual(['kex-hang']);
    expect(codes[0]).toBe('path/mtu-to-client');
    expect(codes).toContain('path/payload-filter');
    expect(diagnosis.causes.filter(({ place }) => place === 'login' || place === 'listener')).toEqual([]);
  });

  test.each([['HTTP/1.1 400 Bad Request'], ['<html>']])(
    'host#80 a web server says %j, and the list of sockets names it',
    async (line) => {
      const records = {
        sockets: 'LISTEN 0 511 0.0.0.0:22 0.0.0.0:* users:(("nginx",pid=800,fd=6)) ino:24106 sk:1 <->\n',
      };
      expect((await diagnosed(banner(line))).observation.symptoms).toEqual(['not-ssh']);
      const diagnosis = await diagnosed(banner(line), records, client);
      expect(diagnosis.causes[0]?.code).toMatch(/^host\/(?:http-on-port|port-taken)$/);
      expect(JSON.stringify(diagnosis.causes[0])).toContain('nginx');
    },
  );

  test('host#81 FIN or RST is a race, and tells nothing', async () => {
    const reset = closed
      .replace('Connection closed by remote host', 'read: Connection reset by peer')
      .replace('Connection closed by 10', 'Connection reset by 10');
    expect(await codesOf(reset)).toEqual(await codesOf(closed));
    expect(await codesOf(reset)).not.toEqual([]);
  });
});

describe('explain that is told what the client printed', () => {
  test('says what remains of it, and where both cannot be so', async () => {
    const [healthy] = await explainedSaw('ssh: connect to host 10.22.2.2 port 22: Connection timed out', {});
    expect(healthy?.contradictions).toMatchObject([{ kind: 'open' }]);
    const [deaf] = await explainedSaw('ssh: connect to host 10.22.2.2 port 22: Connection refused', { sockets: '' });
    expect(deaf?.contradictions).toEqual([]);
    expect(deaf?.causes[0]).toMatchObject({ code: 'host/no-listener', standing: 'proved' });
  });
});
