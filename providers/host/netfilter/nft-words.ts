import { isList, isObject, memberOf } from './nft-value.js';

/** Deeper values than this are no rule that nft writes. */
const deepest = 12;

/** A rule of the JSON form, much as nft would write it: for people. */
export function ruleText(statements: readonly unknown[], comment: string | undefined): string {
  const words = statements.map((statement) => textOf(statement, 0));
  return [...words, ...(comment === undefined ? [] : [`comment ${JSON.stringify(comment)}`])].join(' ');
}

/** An expression or a statement of the JSON form, much as nft would write it. */
export function nftText(value: unknown): string {
  return textOf(value, 0);
}

function textOf(value: unknown, depth: number): string {
  if (!isObject(value) && !isList(value)) return String(value);
  if (depth > deepest) return '...';
  const deeper: Deeper = (part) => (typeof part === 'string' ? part : textOf(part, depth + 1));
  if (isList(value)) return value.map(deeper).join(',');
  const [name, body] = memberOf(value) ?? ['', undefined];
  const write = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (write) return write(body, deeper);
  if (Object.keys(value).length > 1) return pairs(value, deeper);
  return body === null ? name : `${name} ${isObject(body) ? pairs(body, deeper) : deeper(body)}`;
}

type Deeper = (part: unknown) => string;

function pairs(value: Readonly<Record<string, unknown>>, deeper: Deeper): string {
  return Object.entries(value)
    .map(([name, part]) => `${name} ${deeper(part)}`)
    .join(' ');
}

function parts(body: unknown): readonly unknown[] {
  return isList(body) ? body : [body];
}

function member(body: unknown, name: string): unknown {
  return isObject(body) ? body[name] : undefined;
}

function elements(body: unknown, deeper: Deeper): string {
  const pair = (part: unknown) =>
    isList(part) && part.length === 2 ? `${deeper(part[0])} : ${deeper(part[1])}` : deeper(part);
  return `{ ${parts(body).map(pair).join(', ')} }`;
}

function raw(body: Readonly<Record<string, unknown>>, deeper: Deeper): string {
  return `@${deeper(body.base)},${deeper(body.offset)},${deeper(body.len)}`;
}

function operation(symbol: string) {
  return (body: unknown, deeper: Deeper) => parts(body).map(deeper).join(` ${symbol} `);
}

/** The forms that are not `name value`. */
const forms: Readonly<Record<string, (body: unknown, deeper: Deeper) => string>> = {
  match: (body, deeper) => {
    const op = member(body, 'op');
    const sign = op === '==' || op === 'in' ? '' : ` ${deeper(op)}`;
    return `${deeper(member(body, 'left'))}${sign} ${deeper(member(body, 'right'))}`;
  },
  payload: (body, deeper) =>
    isObject(body) && 'base' in body
      ? raw(body, deeper)
      : `${deeper(member(body, 'protocol'))} ${deeper(member(body, 'field'))}`,
  meta: (body, deeper) => {
    const key = deeper(member(body, 'key'));
    return /^[io]if(?:name)?$/.test(key) ? key : `meta ${key}`;
  },
  ct: (body, deeper) =>
    ['ct', ...[member(body, 'dir'), member(body, 'key')].filter((part) => part !== undefined).map(deeper)].join(' '),
  fib: (body, deeper) =>
    `fib ${parts(member(body, 'flags')).map(deeper).join(' . ')} ${deeper(member(body, 'result'))}`,
  prefix: (body, deeper) => `${deeper(member(body, 'addr'))}/${deeper(member(body, 'len'))}`,
  range: (body, deeper) => parts(body).map(deeper).join('-'),
  concat: (body, deeper) => parts(body).map(deeper).join(' . '),
  elem: (body, deeper) => deeper(member(body, 'val') ?? body),
  set: (body, deeper) =>
    isObject(body) ? `${deeper(body.op)} ${deeper(body.set)} { ${deeper(body.elem)} }` : elements(body, deeper),
  vmap: (body, deeper) => `${deeper(member(body, 'key'))} vmap ${deeper(member(body, 'data'))}`,
  map: (body, deeper) => `${deeper(member(body, 'key'))} map ${deeper(member(body, 'data'))}`,
  mangle: (body, deeper) => `${deeper(member(body, 'key'))} set ${deeper(member(body, 'value'))}`,
  jump: (body, deeper) => `jump ${deeper(member(body, 'target'))}`,
  goto: (body, deeper) => `goto ${deeper(member(body, 'target'))}`,
  reject: (body, deeper) => {
    const kind = member(body, 'type');
    if (kind === undefined) return 'reject';
    const code = member(body, 'expr');
    return `reject with ${deeper(kind)}${code === undefined ? '' : ` ${deeper(code)}`}`;
  },
  limit: (body, deeper) => {
    if (!isObject(body)) return `limit name ${deeper(body)}`;
    if ('words' in body) return `limit ${deeper(body.words)}`;
    return `limit rate ${body.inv === true ? 'over ' : ''}${deeper(body.rate)}/${deeper(body.per)}`;
  },
  xt: (body, deeper) => `xt ${deeper(member(body, 'type') ?? '')} ${deeper(member(body, 'name') ?? '')}`.trimEnd(),
  unparsed: (body, deeper) => deeper(body),
  '&': operation('&'),
  '|': operation('|'),
  '^': operation('^'),
  '<<': operation('<<'),
  '>>': operation('>>'),
};
