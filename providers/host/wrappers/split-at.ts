/**
 * What stands before and after the first `delimiter` that is not within brackets, from `from` on; the whole text and undefined where
 * there is none. A bracket that is not closed hides all that follows it (measured with tcpdmatch).
 */
export function splitAt(text: string, delimiter: string, from = 0): [before: string, after: string | undefined] {
  let brackets = 0;
  for (let i = from; i < text.length; i++) {
    const character = text[i];
    if (character === '[') brackets++;
    else if (character === ']') brackets--;
    else if (brackets === 0 && character === delimiter) return [text.slice(0, i), text.slice(i + 1)];
  }
  return [text, undefined];
}
