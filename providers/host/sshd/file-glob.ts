/** Whether a pattern of glob(7) is one: without `*`, `?` and `[` it is a path. */
export function isGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/**
 * The paths that a pattern of glob(7) fits, in the order in which the C locale sorts. `*` and `?` do not stand for a slash, nor
 * for a dot at the start of a name. A pattern without an end to its brackets is a path.
 */
export function filesOf(pattern: string, paths: Iterable<string>): readonly string[] {
  const wanted = pattern.split('/');
  const fits = (path: string) => {
    const names = path.split('/');
    return names.length === wanted.length && names.every((name, i) => nameFits(wanted[i] ?? '', name));
  };
  return [...paths].filter(fits).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The classic walk with one step back: the last star takes one character more. */
function nameFits(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let at = 0;
  let star: { readonly pattern: number; name: number } | undefined;
  for (let i = 0; i < name.length || at < pattern.length; ) {
    const step = i < name.length ? one(pattern, at, name.charAt(i)) : undefined;
    if (pattern[at] === '*') {
      star = { pattern: ++at, name: i };
    } else if (step !== undefined) {
      at = step;
      i++;
    } else if (star && star.name < name.length) {
      i = ++star.name;
      at = star.pattern;
    } else return false;
  }
  return true;
}

/** The place in the pattern behind what `character` fits at `at`; undefined where it does not fit. */
function one(pattern: string, at: number, character: string): number | undefined {
  const wanted = pattern[at];
  if (wanted === undefined || wanted === '*') return undefined;
  if (wanted === '?') return at + 1;
  if (wanted === '\\' && at + 1 < pattern.length) return pattern[at + 1] === character ? at + 2 : undefined;
  const close = wanted === '[' ? pattern.indexOf(']', at + (/^\[[!^]/.test(pattern.slice(at, at + 2)) ? 3 : 2)) : -1;
  if (close < 0) return wanted === character ? at + 1 : undefined;
  const negated = /[!^]/.test(pattern.charAt(at + 1));
  return inClass(pattern.slice(at + (negated ? 2 : 1), close), character) === negated ? undefined : close + 1;
}

function inClass(members: string, character: string): boolean {
  for (let i = 0; i < members.length; i++) {
    const first = members.charAt(i);
    if (members[i + 1] === '-' && i + 2 < members.length) {
      if (first <= character && character <= members.charAt(i + 2)) return true;
      i += 2;
    } else if (first === character) return true;
  }
  return false;
}
