/** A word of a command before its expansions: what a shell makes of it depends on variables and on other commands. */
export interface Word {
  readonly pieces: readonly Piece[];
  /** As it was written. */
  readonly raw: string;
  /** A part of it stands in quotes: it is one word whatever it holds. */
  readonly quoted: boolean;
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** `$NAME` or `${NAME}`. */
  | { readonly kind: 'variable'; readonly name: string }
  /** What other commands print: `$(...)`, backquotes, `<(...)`. */
  | { readonly kind: 'output'; readonly script: string }
  /** An expansion that is not modelled: arithmetic, `${NAME:-word}`. Patterns of file names stay as they are written. */
  | { readonly kind: 'other' };

export interface Redirect {
  readonly operator: '<' | '>' | '>>' | '<<' | '<<<' | '<>' | '>|' | '&>' | '&>>' | '>&' | '<&';
  /** The file descriptor, where one is written. */
  readonly from: number;
  /** The file; the body of a here-document. */
  readonly target: Word;
}

export type Command = { readonly redirects: readonly Redirect[]; readonly line: number; readonly raw: string } & (
  | { readonly kind: 'simple'; readonly assigned: readonly Assignment[]; readonly words: readonly Word[] }
  /** `{ ...; }` and `( ... )`. */
  | { readonly kind: 'group'; readonly body: Script; readonly subshell: boolean }
  /** `if`, `while`, `until`, `case`, `select` and C-like `for`: some of the lists run, in this order, maybe more than once. */
  | { readonly kind: 'conditional'; readonly always: Script; readonly maybe: readonly Script[] }
  | { readonly kind: 'for'; readonly name: string; readonly over: readonly Word[]; readonly body: Script }
  | { readonly kind: 'function'; readonly name: string; readonly body: Script }
);

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

/** Commands that hand their output on, and how they hang on what ran before. */
export interface Pipeline {
  readonly commands: readonly Command[];
  readonly after: ';' | '&&' | '||';
  readonly inverted: boolean;
}

export interface Script {
  readonly pipelines: readonly Pipeline[];
  /** What could not be read, from here to the end of the script. */
  readonly unread?: { readonly line: number; readonly text: string };
}
