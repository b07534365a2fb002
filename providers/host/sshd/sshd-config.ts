import { readArguments } from './arguments.js';
import { ConfigReader } from './config-reader.js';
import type { Binds, ConfigError, SshdConfig, SshdConfigOptions } from './config-result.js';
import { type Bind, resolved } from './listen-address.js';

/**
 * What sshd makes of its configuration, where `-T` does not tell: which addresses and ports it would listen on, and the lines for
 * which it would not start. Semantics of sshd_config(5) and sshd(8), measured on OpenSSH 9.2 and 10.0. A file that an Include
 * names and that is neither in `files` nor known to be absent may say anything.
 */
export function readSshdConfig(files: ReadonlyMap<string, string>, options: SshdConfigOptions = {}): SshdConfig {
  const commandLine = readArguments(options.arguments ?? []);
  const reader = new ConfigReader(files, options);
  reader.readCommandLine(commandLine);
  reader.readMain(commandLine.file ?? '/etc/ssh/sshd_config');
  const { ports, addressFamily, lines } = reader;
  const inetd = commandLine.inetd;
  const binds = inetd ? { binds: [], errors: [], doubts: [] } : bindsOf(reader);
  const errors = [...reader.errors, ...binds.errors];
  const why = [
    ...reader.doubts,
    ...binds.doubts,
    ...errors.filter(({ sure }) => !sure).map(({ message }) => message),
  ][0];
  const result: Binds = errors.some(({ sure }) => sure)
    ? { known: true, binds: [] }
    : why === undefined
      ? { known: true, binds: binds.binds }
      : { known: false, binds: binds.binds, why };
  return {
    binds: result,
    ports: ports.length > 0 ? ports : [22],
    addressFamily: addressFamily ?? 'any',
    errors,
    lines,
  };
}

/** Every ListenAddress without a port with every Port, those with one as they are; all addresses where there is none. */
function bindsOf(reader: ConfigReader): {
  binds: readonly Bind[];
  errors: readonly ConfigError[];
  doubts: readonly string[];
} {
  const family = reader.addressFamily ?? 'any';
  const ports = reader.ports.length > 0 ? reader.ports : [22];
  const binds = new Map<string, Bind>();
  const add = (bind: Bind) => binds.set(`${keyOf(bind)} ${bind.port} ${bind.device ?? ''}`, bind);
  const errors: ConfigError[] = [];
  const doubts: string[] = [];
  if (reader.listenAddresses.length === 0) {
    for (const port of ports) {
      if (family !== 'inet') add({ address: 'any6', port });
      if (family !== 'inet6') add({ address: 'any4', port });
    }
  }
  for (const { host, port, rdomain, at } of reader.listenAddresses) {
    const found = resolved(host, family);
    if (found.kind === 'error') errors.push({ ...at, message: found.message, code: 'host/bad-config', sure: true });
    if (found.kind === 'unknown') doubts.push(found.why);
    if (rdomain !== undefined) doubts.push(`whether there is a routing domain ${rdomain} is not known`);
    if (found.kind !== 'addresses') continue;
    for (const { address, device = rdomain } of found.addresses) {
      for (const one of port === undefined ? ports : [port]) {
        add({ address, port: one, ...(device !== undefined && { device }) });
      }
    }
  }
  return { binds: [...binds.values()], errors, doubts };
}

function keyOf({ address }: Bind): string {
  return typeof address === 'string' ? address : `${address.family}/${address.value}`;
}
