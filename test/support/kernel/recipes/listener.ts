import { CONFIG, startSshd, stopSshd } from '../sshd.js';
import { nft, type Recipe, V6 } from './recipe.js';

/** Nobody listens where the client knocks. */
export const listenerRecipes: readonly Recipe[] = [
  {
    id: 'L1',
    code: 'host/no-listener',
    symptom: 'refused',
    takes: [0, 900],
    async arrange({ server }) {
      await startSshd(server);
      await stopSshd(server);
    },
  },
  {
    id: 'L2',
    code: 'host/other-port',
    symptom: 'refused',
    log: /Server listening on 0\.0\.0\.0 port 2222\./,
    arrange: ({ server }) => startSshd(server, { config: ['Port 2222'] }),
  },
  {
    id: 'L3',
    code: 'host/listener-loopback-only',
    symptom: 'refused',
    arrange: ({ server }) => startSshd(server, { config: ['ListenAddress 127.0.0.1'] }),
  },
  {
    id: 'L3 by an asterisk',
    code: 'host/listener-loopback-only',
    symptom: 'refused',
    arrange: ({ server }) => startSshd(server, { config: ['ListenAddress *'] }),
  },
  {
    id: 'L4',
    code: 'host/listener-other-address',
    symptom: 'refused',
    arrange: ({ server }) => startSshd(server, { config: ['ListenAddress 10.10.128.1'] }),
  },
  {
    id: 'L5',
    code: 'host/listener-ipv4-only',
    host: V6,
    symptom: 'refused',
    arrange: ({ server }) => startSshd(server, { config: ['ListenAddress 0.0.0.0'] }),
  },
  {
    id: 'L6',
    code: 'host/listener-ipv6-only',
    symptom: 'refused',
    arrange: ({ server }) => startSshd(server, { config: ['AddressFamily inet6'] }),
  },
  {
    id: 'L7',
    code: 'host/listen-address-absent',
    symptom: 'refused',
    log: /Bind to port 22 on 10\.99\.99\.99 failed: Cannot assign requested address\.[\s\S]*Cannot bind any address\./,
    arrange: ({ server }) =>
      startSshd(server, {
        config: ['ListenAddress 10.99.99.99'],
        before: 'echo 0 >/proc/sys/net/ipv4/ip_nonlocal_bind',
        fails: true,
      }),
  },
  {
    id: 'L8',
    code: 'host/port-taken',
    symptom: 'silent',
    log: /Bind to port 22 on 0\.0\.0\.0 failed: Address already in use\./,
    async arrange({ listen, server }) {
      await listen(['[0.0.0.0]:22', '[::]:22'], { greeting: '' });
      await startSshd(server, { fails: true });
    },
  },
  {
    id: 'L9',
    code: 'host/bind-denied',
    symptom: 'refused',
    log: /Bind to port 22 on 0\.0\.0\.0 failed: Permission denied\./,
    arrange: ({ server }) =>
      startSshd(server, {
        before: 'chown nobody /etc/ssh/ssh_host_*',
        under: 'setpriv --reuid=nobody --clear-groups',
        fails: true,
      }),
  },
  {
    id: 'L10',
    code: 'host/bad-config',
    symptom: 'refused',
    log: /sshd_config: line 1: Bad configuration option: Prot[\s\S]*terminating, 1 bad configuration options/,
    arrange: ({ server }) => startSshd(server, { config: ['Prot 22'], fails: true }),
  },
  {
    id: 'L11',
    code: 'host/no-host-keys',
    symptom: 'refused',
    log: /no hostkeys available -- exiting\./,
    arrange: ({ server }) => startSshd(server, { before: 'rm /etc/ssh/ssh_host_*', fails: true }),
  },
  {
    id: 'L11 of a key that others may read',
    code: 'host/no-host-keys',
    symptom: 'refused',
    log: /Permissions 0644 for '\S+' are too open\.[\s\S]*no hostkeys available/,
    arrange: ({ server }) => startSshd(server, { before: 'chmod 0644 /etc/ssh/ssh_host_*_key', fails: true }),
  },
  {
    id: 'L12',
    code: 'host/no-privsep-directory',
    symptom: 'refused',
    log: /Missing privilege separation directory: \/run\/sshd/,
    arrange: ({ server }) => startSshd(server, { before: 'rmdir /run/sshd', fails: true }),
  },
  {
    id: 'L13',
    code: 'host/no-privsep-user',
    symptom: 'refused',
    log: /Privilege separation user sshd does not exist/,
    arrange: ({ server }) => startSshd(server, { before: "sed -i '/^sshd:/d' /etc/passwd", fails: true }),
  },
  {
    id: 'L14',
    code: 'host/reload-with-bad-config',
    symptom: 'refused',
    log: /Bad configuration option: Prot[\s\S]*Received SIGHUP; restarting\./,
    async arrange({ server }) {
      await startSshd(server);
      await server.must(
        `echo Prot 22 >>${CONFIG}; kill -HUP $(cat /run/sshd.main); while [ -n "$(ss -Htln)" ]; do :; done`,
      );
    },
  },
  {
    id: 'L15',
    code: 'host/config-not-loaded',
    port: 2222,
    symptom: 'refused',
    async arrange({ server }) {
      await startSshd(server);
      await server.must(`sed -i '1i Port 2222' ${CONFIG}`);
    },
  },
  {
    id: 'X3 beside an open host',
    code: 'path/cloud-filter',
    router: true,
    symptom: 'times-out',
    async arrange({ server, router }) {
      await startSshd(server);
      await router?.must('nft -f -', { input: nft('tcp dport 22 drop', 'forward') });
    },
  },
];
