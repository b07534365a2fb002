/** What the outside world is to a command: passed in, so that a command can be run inside a test. */
export interface Shell {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Results. Answers when the text has left, so that a slow reader of a large audit does not fill the memory. */
  out(text: string): Promise<void>;
  /** Everything that is not a result. */
  err(text: string): void;
  /** The resolver of names, where it is not the system's: its addresses in the order in which they are tried. */
  readonly resolve?: (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;
  /** All that stands on stdin. */
  input(): Promise<string>;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
}
