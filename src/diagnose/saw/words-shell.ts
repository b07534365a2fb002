import type { Symptom } from '../../model/index.js';
import { parseAddress } from '../../set/index.js';
import { findError } from './errors.js';
import { either, type Groups, type Told, type Wording } from './wording.js';

/**
 * The words of bash's /dev/tcp (in the language of the user), telnet, and PowerShell's Test-NetConnection. Measured: bash 5.2, inetutils
 * telnet 2.4. Test-NetConnection says one word, False, for every connection that did not come to be.
 */
const bash: Told = { tool: 'bash', stage: 'connecting' };
const telnet: Told = { tool: 'telnet', stage: 'connecting', showsGreeting: true };
const windows: Told = { tool: 'powershell', os: 'windows' };
const notConnected: readonly Symptom[] = ['times-out', ...either.connectFailures, 'reset'];

const ofBash: readonly Wording[] = [
  {
    near: 'connect: ',
    pattern: /(?:^|\s|-)(?:bash|sh): connect: (?<error>.{1,200})/,
    role: 'part',
    tells: bash,
    knownError: true,
  },
  {
    near: '/dev/tcp/',
    pattern: /: \/dev\/tcp\/(?<host>[^/\s]{1,255})\/(?<port>\d{1,5}): (?<error>.{1,200})/,
    role: 'sum',
    reads: ofDevice,
  },
  {
    near: 'bash',
    pattern: /bash: (?:[^\d:]{1,16} \d{1,7}: )?(?<host>[^\s:]{1,255}): (?<text>.{1,200})/,
    role: 'part',
    reads: ({ text = '' }) =>
      findError(text)?.meaning.stage === 'resolving'
        ? { ...bash, symptoms: ['dns-failed'], stage: 'resolving' }
        : undefined,
  },
];

const ofTelnet: readonly Wording[] = [
  { near: 'trying ', pattern: /^Trying (?<address>[\da-fA-F.:]{2,45}?)\.\.\.\s*$/, role: 'opens', tells: telnet },
  {
    near: 'telnet: connect to address',
    pattern: /^telnet: connect to address (?<address>[\da-fA-F.:]{2,45}): (?<error>.{1,200})/,
    role: 'part',
    tells: telnet,
  },
  {
    near: 'connection failed: ',
    pattern: /^Connection failed: (?<error>.{1,200})/,
    role: 'whole',
    tells: telnet,
    knownError: true,
  },
  {
    near: 'unable to connect to remote host',
    pattern: /telnet: Unable to connect to remote host: (?<error>.{1,200})/,
    role: 'whole',
    tells: telnet,
  },
  {
    near: 'unable to connect to remote host',
    pattern: /telnet: Unable to connect to remote host\s*$/,
    role: 'echo',
    tells: { ...telnet, symptoms: notConnected },
  },
  {
    near: 'connected to ',
    pattern: /^Connected to (?<host>[^\s]{1,255}?)\.?\s*$/,
    role: 'reaches',
    tells: { ...telnet, stage: 'connected' },
  },
  {
    near: 'connection closed by foreign host',
    pattern: /^Connection closed by foreign host/,
    role: 'whole',
    tells: { ...telnet, symptoms: either.closed, stage: 'connected' },
  },
  {
    near: 'server lookup failure',
    pattern: /^Server lookup failure:\s+(?<host>[^\s:]{1,255}):/,
    role: 'whole',
    tells: { ...telnet, symptoms: ['dns-failed'], stage: 'resolving' },
  },
  {
    near: 'telnet: ',
    pattern: /^telnet: (?:could not resolve )?(?<host>[^\s/:]{1,255})(?:\/\S{1,16})?: (?<text>.{1,200})/,
    role: 'whole',
    reads: ({ text = '' }) =>
      findError(text)?.meaning.stage === 'resolving'
        ? { ...telnet, symptoms: ['dns-failed'], stage: 'resolving' }
        : undefined,
  },
  {
    // Windows's telnet says it of a refusal and of a time-out.
    near: 'could not open connection to the host',
    pattern:
      /Connecting To (?<host>\S{1,255}?)\.\.\.\s?Could not open connection to the host, on port (?<port>\d{1,5})/,
    role: 'whole',
    tells: { ...telnet, symptoms: notConnected, os: 'windows' },
  },
];

const ofPowershell: readonly Wording[] = [
  {
    near: 'tcp connect to',
    pattern: /TCP connect to \(?(?<address>[\da-fA-F.:]{2,45}?)\)?(?: : |:)(?<port>\d{1,5})\)? failed/,
    role: 'part',
    tells: { ...windows, symptoms: notConnected, stage: 'connecting' },
  },
  {
    near: 'name resolution of',
    pattern: /Name resolution of (?<host>\S{1,255}) failed/,
    role: 'part',
    tells: { ...windows, symptoms: ['dns-failed'], stage: 'resolving' },
  },
  { near: 'computername', pattern: /^\s*ComputerName\s{0,30}: (?<host>\S{1,255})/, role: 'run', tells: windows },
  {
    near: 'remoteaddress',
    pattern: /^\s*RemoteAddress\s{0,30}: (?<address>[\da-fA-F.:]{2,45})/,
    role: 'run',
    tells: windows,
  },
  { near: 'remoteport', pattern: /^\s*RemotePort\s{0,30}: (?<port>\d{1,5})/, role: 'run', tells: windows },
  {
    near: 'tcptestsucceeded',
    pattern: /^\s*TcpTestSucceeded\s{0,30}: False/i,
    role: 'sum',
    tells: { ...windows, symptoms: notConnected, stage: 'connecting' },
  },
  {
    near: 'tcptestsucceeded',
    pattern: /^\s*TcpTestSucceeded\s{0,30}: True/i,
    role: 'sum',
    tells: { ...windows, symptoms: either.onceConnected, stage: 'connected' },
  },
];

/** bash writes "Invalid argument" for a name that does not resolve too; the line before it says so, and is not always pasted. */
function ofDevice({ host = '', error = '' }: Groups): Told {
  const found = findError(error)?.meaning.symptoms;
  if (found?.includes('invalid-argument') && parseAddress(host) === undefined) {
    return { ...bash, symptoms: ['dns-failed', 'invalid-argument'], stage: 'resolving' };
  }
  return found === undefined ? { ...bash, symptoms: ['cannot-tell'] } : bash;
}

export const shellWords: readonly Wording[] = [...ofBash, ...ofTelnet, ...ofPowershell];
