import type { Symptom } from '../../model/index.js';
import { translations } from './translations.js';
import type { Told } from './wording.js';

/** What the text of an error means where a connect() failed with it. */
export type ErrorMeaning = Pick<Told, 'symptoms' | 'stage' | 'os'>;

/**
 * The texts of error numbers by what they mean, of glibc and musl (strerror), macOS, Windows (FormatMessage), the names of the numbers, and
 * resolvers. musl writes "Operation timed out" as macOS does, so these words name no system. A reset of connect() comes right after the
 * handshake (Linux: tcp_reset in any state but SYN-SENT), before the client takes the connection for open.
 */
const texts: readonly (readonly [ErrorMeaning, readonly string[]])[] = [
  [{ symptoms: ['refused'] }, ['connection refused', 'econnrefused', 'refused', 'conn-refused']],
  [
    { symptoms: ['refused'], os: 'windows' },
    [
      'no connection could be made because the target machine actively refused it',
      'wsaeconnrefused',
      'connection refused: connect',
    ],
  ],
  [
    { symptoms: ['times-out'] },
    ['connection timed out', 'operation timed out', 'etimedout', 'timeout', 'timeout was reached', 'time-out'],
  ],
  [
    { symptoms: ['times-out'] },
    ['operation now in progress', 'einprogress', 'i/o timeout', 'connection timeout', 'connect timed out'],
  ],
  [
    { symptoms: ['times-out'], os: 'windows' },
    [
      'a connection attempt failed because the connected party did not properly respond after a period of time',
      'wsaetimedout',
      'connection timed out: connect',
    ],
  ],
  [
    { symptoms: ['no-route'] },
    ['no route to host', 'ehostunreach', 'host is unreachable', 'host unreachable', 'ehostdown'],
  ],
  // Only BSD kernels answer a TCP connect with it: the address of the next hop was not found.
  [{ symptoms: ['no-route'], os: 'macos' }, ['host is down']],
  [
    { symptoms: ['no-route'], os: 'windows' },
    ['wsaehostunreach', 'a socket operation was attempted to an unreachable host'],
  ],
  [
    { symptoms: ['net-unreachable'] },
    ['network is unreachable', 'network unreachable', 'enetunreach', 'network is down', 'enetdown'],
  ],
  [
    { symptoms: ['net-unreachable'], os: 'windows' },
    ['wsaenetunreach', 'a socket operation was attempted to an unreachable network'],
  ],
  [{ symptoms: ['permission-denied'] }, ['permission denied', 'eacces']],
  [
    { symptoms: ['permission-denied'], os: 'windows' },
    ['wsaeacces', 'an attempt was made to access a socket in a way forbidden by its access permissions'],
  ],
  [{ symptoms: ['no-protocol'] }, ['protocol not available', 'enoprotoopt']],
  [{ symptoms: ['invalid-argument'] }, ['invalid argument', 'einval']],
  [
    { symptoms: ['no-client-port'] },
    [
      'cannot assign requested address',
      "can't assign requested address",
      'address not available',
      'eaddrnotavail',
      'wsaeaddrnotavail',
    ],
  ],
  [
    { symptoms: ['reset'], stage: 'connecting' },
    ['connection reset by peer', 'econnreset', 'connection reset', 'wsaeconnreset'],
  ],
  [
    { symptoms: ['closed', 'reset'], stage: 'connected', os: 'windows' },
    [
      'an existing connection was forcibly closed by the remote host',
      'an established connection was aborted by the software in your host machine',
    ],
  ],
  // PuTTY's manual, 10.14: Windows gave an established connection up, on a reset or since the far end answers no more.
  [
    { symptoms: ['reset', 'closed', 'silent'], stage: 'connected' },
    ['software caused connection abort', 'econnaborted', 'wsaeconnaborted'],
  ],
  [
    { symptoms: ['dns-failed'], stage: 'resolving' },
    [
      'temporary failure in name resolution',
      'name or service not known',
      'no address associated with hostname',
      'no address associated with name',
      'host name lookup failure',
      'name does not resolve',
      'non-recoverable failure in name resolution',
      'host does not exist',
      'could not resolve host',
      'no such host',
      'enotfound',
      'eai_again',
      'eai_noname',
      'host not found',
      'unknown host',
    ],
  ],
  [
    { symptoms: ['dns-failed'], stage: 'resolving', os: 'macos' },
    ['nodename nor servname provided, or not known', 'nodename nor servname provided'],
  ],
  [
    { symptoms: ['dns-failed'], stage: 'resolving', os: 'windows' },
    [
      'no such host is known',
      'the requested name is valid, but no data of the requested type was found',
      'wsahost_not_found',
    ],
  ],
  // Windows OpenSSH and Git for Windows print the first ones of whatever errno they hold. EPERM is no EACCES: no ICMP message makes it.
  [
    { symptoms: ['cannot-tell'] },
    [
      'unknown error',
      'bad file number',
      'undefined error: 0',
      'no error',
      'not a socket',
      'operation not permitted',
      'eperm',
      'resource temporarily unavailable',
    ],
  ],
];

const meanings: ReadonlyMap<string, ErrorMeaning> = new Map([
  ...translations.flatMap(([symptom, words]) =>
    words.map((word): readonly [string, ErrorMeaning] => [word.toLowerCase(), ofSymptom(symptom)]),
  ),
  ...texts.flatMap(([meaning, words]) => words.map((word): readonly [string, ErrorMeaning] => [word, meaning])),
]);

function ofSymptom(symptom: Symptom): ErrorMeaning {
  if (symptom === 'reset') return { symptoms: [symptom], stage: 'connecting' };
  return symptom === 'dns-failed' ? { symptoms: [symptom], stage: 'resolving' } : { symptoms: [symptom] };
}

/** No text of an error is longer. */
const longest = 140;
const inWord = /[\p{L}\p{N}]/u;

/** The error whose words `text` begins with, and how many characters they are. Upper and lower case are the same. */
export function findError(text: string): { readonly meaning: ErrorMeaning; readonly length: number } | undefined {
  const lower = text.slice(0, longest).toLowerCase();
  for (let length = lower.length; length > 0; length--) {
    if (length < lower.length && inWord.test(lower.charAt(length)) && inWord.test(lower.charAt(length - 1))) continue;
    const meaning = meanings.get(lower.slice(0, length));
    if (meaning !== undefined) return { meaning, length };
  }
  return undefined;
}

/**
 * Error numbers as Node, Python and .NET print them: of Linux (111), of macOS (61), of Windows (10061), of libuv on Windows (4078).
 * A number that two systems use for different errors is not here.
 */
const numbers: ReadonlyMap<number, ErrorMeaning> = new Map(
  (
    [
      ['refused', [111], [61], [10061, 4078]],
      ['times-out', [110], [60], [10060, 4039]],
      ['no-route', [113], [65], [10065, 4073]],
      ['net-unreachable', [101], [51], [10051, 4062]],
      ['reset', [104], [54], [10054, 4077]],
      ['permission-denied', [], [], [10013, 4092]],
      ['no-client-port', [99], [49], [10049, 4090]],
      ['dns-failed', [], [], [11001, 11002, 11004]],
    ] as const
  ).flatMap(([symptom, linux, macos, windows]) => [
    ...numbered(symptom, 'linux', linux),
    ...numbered(symptom, 'macos', macos),
    ...numbered(symptom, 'windows', windows),
  ]),
);

function numbered(
  symptom: Symptom,
  os: NonNullable<ErrorMeaning['os']>,
  all: readonly number[],
): readonly (readonly [number, ErrorMeaning])[] {
  return all.map((number) => [number, { ...ofSymptom(symptom), os }]);
}

/** What an error number means, and the system that has it. Negative numbers are those of libuv. */
export function errorOfNumber(number: number): ErrorMeaning | undefined {
  return numbers.get(Math.abs(number));
}
