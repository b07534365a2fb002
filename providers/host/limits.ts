import type { Sign } from '../../src/model/index.js';
import type { Bundle } from './bundle.js';
import { linesOf, wordsOf } from './lines.js';
import { sshdListeners } from './processes.js';
import { partOf } from './reading.js';
import { sshdSetting } from './sshd-setting.js';

/** What sshd needs beside one descriptor for each connection without a login: its sockets, its log, the pair for a new child. */
const spareFiles = 8;

/** What the limits of the daemon, of its cgroup and of the machine say: processes, open files, space on disks. */
export function limitSigns(bundle: Bundle, port: number): Sign[] {
  return [
    ...processLimit(bundle),
    ...fileLimit(bundle, port),
    ...machineFiles(bundle),
    ...diskSigns(bundle),
    ...graceSigns(bundle),
  ];
}

/** Seconds in which hardly anybody types a password, or unlocks an agent. */
const shortGrace = 20;

/** `logingracetime 2` of `sshd -T`; 0 is without end (sshd_config(5)). OpenSSH 9.2 of Debian does not log that it ran out (measured). */
function graceSigns(bundle: Bundle): Sign[] {
  const seconds = sshdSetting(bundle, 'logingracetime');
  if (!/^\d{1,9}$/.test(seconds ?? '') || Number(seconds) === 0 || Number(seconds) > shortGrace) return [];
  return [{ code: 'host/login-grace', says: 'suggests', at: 'sshd-effective', line: `logingracetime ${seconds}` }];
}

/**
 * `pids.max`, `pids.current` and `pids.events` of the cgroup of sshd, each as `NAME VALUE`, with any path before the name. At the
 * limit fork(2) fails (kernel documentation, cgroup-v2, PID); the count of events tells that it has failed before.
 */
function processLimit(bundle: Bundle): Sign[] {
  const at = 'cgroup-pids';
  const values = new Map<string, { readonly value: number; readonly line: string }>();
  for (const line of linesOf(partOf(bundle, at))) {
    const [, name, value] =
      /pids\.(max|current|events)[^A-Za-z0-9]{1,3}(?:max )?(\d{1,15})$/.exec(line.slice(-512)) ?? [];
    if (name !== undefined && !values.has(name)) values.set(name, { value: Number(value), line });
  }
  const [max, current, events] = [values.get('max'), values.get('current'), values.get('events')];
  if (max && current && current.value >= max.value) {
    const data = { current: `${current.value}`, max: `${max.value}` };
    return [{ code: 'host/process-limit', says: 'proves', at, line: current.line, data }];
  }
  const failed = events && events.value > 0;
  return failed
    ? [{ code: 'host/process-limit', says: 'suggests', at, line: events.line, data: { failed: `${events.value}` } }]
    : [];
}

/**
 * `Max open files 1024 524288 files` of /proc/PID/limits, and `find /proc/PID/fd`, the numbers under which the process has files open. Without a free number
 * accept(2) fails, and sshd cannot even log it, since its way to the syslog needs one as well (measured).
 */
function fileLimit(bundle: Bundle, port: number): Sign[] {
  const at = 'sshd-limits';
  const line = linesOf(partOf(bundle, at)).find((text) => text.startsWith('Max open files'));
  const soft = line === undefined ? Number.NaN : Number(wordsOf(line)[3]);
  const listeners = sshdListeners(bundle, port);
  const files = linesOf(partOf(bundle, 'sshd-files')).flatMap((path) => {
    const [, pid, number] = /^\/proc\/(\d{1,10})\/fd\/(\d{1,9})$/.exec(path) ?? [];
    return listeners.some(({ daemon }) => `${daemon.pid}` === pid) && Number(number) < soft ? [number] : [];
  });
  if (line !== undefined && soft > 0 && files.length >= soft)
    return [{ code: 'host/out-of-files', says: 'proves', at, line, data: { limit: `${soft}` } }];
  const [startups] = listeners.flatMap((listener) => listener.startups ?? []);
  const needed = (startups?.now ?? 0) + spareFiles;
  return line !== undefined && soft <= needed
    ? [{ code: 'host/out-of-files', says: 'suggests', at, line, data: { limit: `${soft}` } }]
    : [];
}

/** /proc/sys/fs/file-nr: allocated, free, the most. Root may open more (the kernel's alloc_empty_file), its children may not. */
function machineFiles(bundle: Bundle): Sign[] {
  const at = 'file-nr';
  const [line = ''] = linesOf(partOf(bundle, at));
  const [allocated = '', , most = ''] = wordsOf(line);
  return most !== '' && Number(allocated) >= Number(most)
    ? [{ code: 'host/out-of-files', says: 'suggests', at, line, data: { limit: most } }]
    : [];
}

/** Where sshd, its keys and its logs need space. */
const mounts: ReadonlySet<string> = new Set(['/', '/run', '/var', '/var/log', '/etc', '/tmp']);

/** `df -P` and `df -iP`: a full disk seldom refuses by itself, but it leaves empty host keys and no logs. */
function diskSigns(bundle: Bundle): Sign[] {
  return ['disk', 'inodes'].flatMap((at) =>
    linesOf(partOf(bundle, at)).flatMap((line): Sign[] => {
      const found = / {1,20}100% {1,20}(\/\S{0,255})$/.exec(line.slice(-512));
      const mount = found?.[1];
      if (mount === undefined || !mounts.has(mount)) return [];
      return [{ code: 'host/disk-full', says: 'suggests', at, line, data: { mount } }];
    }),
  );
}
