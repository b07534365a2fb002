const WORDS = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['EACCES', 'this user may not read it'],
  ['EPERM', 'this user may not read it'],
  ['EISDIR', 'this is a folder, not a file'],
  ['ELOOP', 'this is a link that leads back to itself'],
]);

/** Why the system refused a file or folder, in words. */
export function systemWords(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return WORDS.get(code) ?? `it cannot be read: ${message}`;
}
