/** The number of single-character edits (insert, delete, replace, swap neighbours) between two texts, up to a limit. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The names that somebody who typed `text` may have meant: at most three, nearest first. */
export function didYouMean(text: string, names: Iterable<string>): string[] {
  const limit = Math.max(1, Math.min(3, Math.floor(text.length / 3)));
  const near: { name: string; edits: number }[] = [];
  for (const name of new Set(names)) {
    const edits = distance(text.toLowerCase(), name.toLowerCase(), limit);
    const part = text.length >= 3 && name.toLowerCase().startsWith(text.toLowerCase());
    if (edits <= limit) near.push({ name, edits });
    else if (part) near.push({ name, edits: limit + 1 });
  }
  near.sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1));
  return near.slice(0, 3).map(({ name }) => name);
}
