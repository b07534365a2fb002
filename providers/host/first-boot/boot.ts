import { type Config, commandsOf, isRecord, mergeConfigs, packagesOf, writtenFiles } from './cloud-config.js';
import { copyOf, type Machine, mergeMaybe, noRules, state, stockMachine } from './machine.js';
import { installPackage } from './packages.js';
import { reloadUnits, socketListeners, startSshd } from './services.js';
import { mayChange, pathOf, type Shell, writeFile } from './shell.js';
import { newShell, runShell, runWords } from './shell-effects.js';
import { type ImageFamily, mentions } from './stock-image.js';
import { type Line, told } from './told.js';
import { touchUnknown } from './touch-unknown.js';
import type { UserDataPart } from './user-data-part.js';

/** A machine at two times of its first boot. */
export interface Booted {
  /** When sshd was started for the first time. */
  readonly atStart: Machine;
  /** When cloud-init has ended, and after the boot that it asks for. */
  readonly atEnd: Machine;
}

/** Tools that configure a machine by what stands elsewhere. */
const configurers = ['ansible', 'chef', 'puppet', 'salt_minion', 'mcollective', 'landscape'];

/**
 * Boots a machine of an image with user data: bootcmd, write_files and host keys come before sshd starts; packages, runcmd and scripts
 * come after (cloud-init's cloud.cfg and unit files).
 */
export function boot(parts: readonly UserDataPart[], family: ImageFamily): Booted {
  const machine = stockMachine(family);
  const { config, unread } = mergeConfigs(parts.filter((part) => part.kind === 'cloud-config'));
  // systemd's sockets are there before cloud-init runs.
  if (family === 'ubuntu') startSshd(machine);
  for (const { at, why, text } of unread) unknownText(machine, at, why, text);
  readOthers(machine, parts);
  for (const part of parts) if (part.kind === 'boothook') runProgram(machine, part.at, part.text);
  runCommands(machine, config, 'bootcmd');
  writeFiles(machine, config, false);
  makeKeys(machine, config);
  startSshd(machine);
  const atStart = copyOf(machine);
  runFinalStage(machine, config, parts);
  settle(machine);
  return { atStart, atEnd: machine };
}

function unknownText(machine: Machine, at: string, why: string, text: string): void {
  const shell = newShell(machine, at, false);
  const line: Line = { at, text: '' };
  if (mentions(text)) touchUnknown(shell, why, line, text, true);
  else mayChange(shell, why, line);
}

function readOthers(machine: Machine, parts: readonly UserDataPart[]): void {
  for (const part of parts) {
    if (part.kind === 'unknown') unknownText(machine, part.at, part.why, part.text ?? '');
    if (part.kind === 'ignored') machine.notes.push({ why: part.why, line: { at: part.at, text: '' } });
  }
}

function runProgram(machine: Machine, at: string, text: string): void {
  const [, program = '/bin/sh', option] = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(text) ?? [];
  const name = program.endsWith('/env') ? (option ?? '') : program.slice(program.lastIndexOf('/') + 1);
  if (/^(sh|bash|dash|ash|ksh|zsh)$/.test(name)) runShell(newShell(machine, at, true), text);
  else unknownText(machine, at, `it is a program for ${name}`, text);
}

function runCommands(machine: Machine, config: Config, key: 'bootcmd' | 'runcmd'): void {
  const all: Shell = newShell(machine, key, false);
  for (const [index, command] of commandsOf(config, key).entries()) {
    // One shell runs them all, so that they share variables and the end.
    const shell: Shell = { ...all, at: `${key}[${index}]` };
    if (typeof command === 'string') runShell(shell, command);
    else runWords(shell, command);
    all.folder = shell.folder;
    if (shell.doubt) all.doubt = shell.doubt;
    if (shell.ended) return;
  }
}

function writeFiles(machine: Machine, config: Config, deferred: boolean): void {
  for (const file of writtenFiles(config)) {
    if (file.deferred !== deferred) continue;
    const path = pathOf(newShell(machine, file.at, false), { text: file.path, sure: true }) ?? file.path;
    writeFile(machine, path, file.text, file.append, { at: file.at, text: `path: ${file.path}` });
  }
}

/** cloud-init deletes the image's host keys and makes new ones, unless it is told which, or none (its module cc_ssh). */
function makeKeys(machine: Machine, config: Config): void {
  const types = config.ssh_genkeytypes;
  const given = isRecord(config.ssh_keys) && Object.keys(config.ssh_keys).length > 0;
  if (given || !Array.isArray(types) || types.length > 0 || machine.family === 'alpine') return;
  const line: Line = { at: 'ssh_genkeytypes', text: 'ssh_genkeytypes: []' };
  if (config.ssh_deletekeys !== false) state(machine, 'hostKeys', told(false, line));
  else {
    const why = 'whether the image brings host keys of its own is not known';
    state(machine, 'hostKeys', { known: false, doubt: { why, line } });
  }
}

function runFinalStage(machine: Machine, config: Config, parts: readonly UserDataPart[]): void {
  const names = packagesOf(config);
  for (const name of names) installPackage(machine, name, { at: 'packages', text: name });
  writeFiles(machine, config, true);
  const shell = newShell(machine, 'cloud-config', false);
  for (const key of configurers) {
    if (config[key] !== undefined) mayChange(shell, `${key} configures the machine`, { at: key, text: '' });
  }
  for (const key of ['cloud_init_modules', 'cloud_config_modules', 'cloud_final_modules']) {
    if (config[key] !== undefined) mayChange(shell, 'it says anew what cloud-init does', { at: key, text: '' });
  }
  const scripts = parts.filter((part) => part.kind === 'script').map((part) => ({ name: part.name, part }));
  const before = scripts.filter(({ name }) => name <= 'runcmd');
  for (const { part } of sorted(before)) runProgram(machine, part.at, part.text);
  runCommands(machine, config, 'runcmd');
  for (const { part } of sorted(scripts.filter(({ name }) => name > 'runcmd'))) runProgram(machine, part.at, part.text);
  const power = config.power_state;
  if (isRecord(power) && power.mode === 'reboot') {
    state(machine, 'reboots', told(true, { at: 'power_state', text: 'mode: reboot' }));
  }
}

function sorted<T extends { readonly name: string }>(scripts: readonly T[]): readonly T[] {
  return scripts.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The boot that user data asks for, where it does; and what Ubuntu's socket does by itself. */
function settle(machine: Machine): void {
  const { reboots } = machine.facts;
  if (reboots.known && reboots.value) reboot(machine, reboots.by);
  else if (!reboots.known) {
    const after = copyOf(machine);
    reboot(after, reboots.doubt.line);
    mergeMaybe(machine, after, { why: 'whether it boots again is not known', line: reboots.doubt.line });
  }
  const { bound, running, socket } = machine.facts;
  if (!socket.known || !socket.value || !running.known || !running.value || !bound.known) return;
  const next = socketListeners(machine);
  if (next.known && JSON.stringify(next.value) === JSON.stringify(bound.value)) return;
  const why = 'ssh.socket takes the port of sshd_config only when systemd is reloaded and the socket is started again';
  const line = next.known ? next.by : next.doubt.line;
  state(machine, 'bound', { known: false, doubt: { why, line: line ?? { at: 'ssh.socket', text: '' } } });
}

function reboot(machine: Machine, line: Line | undefined): void {
  const { facts } = machine;
  const at: Line = line ?? { at: 'reboot', text: '' };
  if (facts.running.known) state(machine, 'running', told(false, at));
  if (facts.socket.known && facts.socket.value) reloadUnits(machine, at);
  if (!facts.atBoot.known) state(machine, 'running', facts.atBoot);
  else if (facts.atBoot.value) startSshd(machine, at);
  for (const name of ['iptables', 'ip6tables', 'nft'] as const) {
    const chain = facts[name];
    if (!chain.known || chain.value === noRules) continue;
    if (name !== 'nft' && facts.savesRules.known && !facts.savesRules.value) state(machine, name, told(noRules, at));
    else
      state(machine, name, { known: false, doubt: { why: 'which rules are loaded at boot is not known', line: at } });
  }
  const { firewalld } = facts;
  if (firewalld.known)
    state(machine, 'firewalld', told({ ...firewalld.value, runtime: firewalld.value.permanent }, firewalld.by));
}
