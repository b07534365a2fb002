import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { END, JsonWindow } from '../../src/cli/recorded/json-window.js';
import type { NextBytes } from '../../src/cli/recorded/utf8-file.js';
import { readRecordedFile } from '../../src/cli/recorded-file.js';
import { runs } from '../support/runs.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());
const FILE = join(folder.path, 'recorded.json');

type Limits = NonNullable<Parameters<typeof readRecordedFile>[2]>;

/** What a sink was given, in order, and the faults as `line:column what`. */
interface Reading {
  readonly elements: [key: string, value: unknown][];
  readonly places: string[];
  readonly rests: unknown[];
  readonly faults: string[];
}

function readFile(path: string, wanted: (key: string) => boolean, limits?: Limits): Reading {
  const reading: Reading = { elements: [], places: [], rests: [], faults: [] };
  const faults = readRecordedFile(
    path,
    {
      wants: wanted,
      element: (key, value, at) => {
        reading.elements.push([key, value]);
        reading.places.push(`${at.line}:${at.column}`);
      },
      rest: (value) => reading.rests.push(value),
    },
    limits,
  );
  for (const { what, place } of faults) {
    expect(place.file).toBe(path);
    reading.faults.push(`${place.line}:${place.column} ${what}`);
  }
  return reading;
}

function read(content: string | Uint8Array, limits?: Limits): Reading {
  writeFileSync(FILE, content);
  return readFile(FILE, () => true, limits);
}

const values = (reading: Reading) => reading.elements.map(([, value]) => value);

/** What the sink was given of a file with one root, put together again. */
function whole({ elements, rests }: Reading, root: unknown): unknown {
  if (Array.isArray(root)) return elements.map(([, value]) => value);
  if (typeof root !== 'object' || root === null) return rests[0];
  const lists = Object.entries(root).filter(([key, value]) => key !== '' && Array.isArray(value));
  const given = lists.map(([key]): [string, unknown] => [
    key,
    elements.filter(([of]) => of === key).map(([, value]) => value),
  ]);
  return Object.fromEntries([...given, ...Object.entries(rests[0] as object)]);
}

const aChunk = fc.integer({ min: 1, max: 64 });
const anIndent = fc.constantFrom(undefined, 1, 4, '\t', '\r\n');

function printed(value: unknown, indent: string | number | undefined): string {
  return indent === '\r\n'
    ? JSON.stringify(value, null, 2).replaceAll('\n', '\r\n')
    : JSON.stringify(value, null, indent);
}

describe('a file without a fault', () => {
  test('gives the wanted lists element by element, and the rest', () => {
    writeFileSync(FILE, '{"NextToken": "x", "Vpcs": [{"VpcId": "vpc-1"}, 2], "Other": [3], "Vpc": {"Vpcs": [4]}}');
    expect(readFile(FILE, (key) => key === 'Vpcs')).toEqual({
      elements: [
        ['Vpcs', { VpcId: 'vpc-1' }],
        ['Vpcs', 2],
      ],
      places: ['1:29', '1:49'],
      rests: [{ NextToken: 'x', Other: [3], Vpc: { Vpcs: [4] } }],
      faults: [],
    });
  });

  test('asks about lists only', () => {
    const asked: string[] = [];
    writeFileSync(FILE, '{"a": null, "b": {}, "c": "x", "d": [], "": [1]}\n[2]\n3');
    const { rests } = readFile(FILE, (key) => asked.push(key) === 0);
    expect(asked).toEqual(['d', '']);
    expect(rests).toEqual([{ a: null, b: {}, c: 'x', d: [], '': [1] }, [2], 3]);
  });

  test('may hold any value, printed in any way, and come in pieces of any size', () => {
    fc.assert(
      fc.property(fc.jsonValue(), anIndent, aChunk, (value, indent, chunk) => {
        const text = printed(value, indent);
        const reading = read(text, { chunk });
        expect(reading.faults).toEqual([]);
        expect(reading.rests).toHaveLength(1);
        expect(whole(reading, value)).toEqual(JSON.parse(text));
      }),
      runs(150),
    );
  });

  test('may hold a list of the records of a cloud', () => {
    const record = fc.record({
      Id: fc.string({ unit: 'binary' }),
      Tags: fc.array(
        fc.dictionary(fc.string(), fc.string({ unit: fc.constantFrom('"', '\\', '{', ']', ',', 'é', '😀', '\n') })),
      ),
    });
    fc.assert(
      fc.property(fc.array(record), fc.array(record), anIndent, aChunk, (Reservations, Vpcs, indent, chunk) => {
        const text = printed({ Reservations, NextToken: null, Vpcs }, indent);
        const { elements, rests, faults } = read(text, { chunk });
        expect(faults).toEqual([]);
        expect(elements).toEqual([
          ...Reservations.map((value) => ['Reservations', JSON.parse(JSON.stringify(value))]),
          ...Vpcs.map((value) => ['Vpcs', JSON.parse(JSON.stringify(value))]),
        ]);
        expect(rests).toEqual([{ NextToken: null }]);
      }),
      runs(50),
    );
  });

  test.each([
    ['JSON lines', '{"a":[1]}\n{"a":[2],"b":3}\n', [1, 2], [{}, { b: 3 }]],
    ['documents without anything between them', '{"a":[1]}{"a":[2]}[3]"x"[]', [1, 2, 3], [{}, {}, [], 'x', []]],
    ['several scalars', '1 true\nnull "a" -2.5e3', [], [1, true, null, 'a', -2500]],
    ['a scalar that the file ends', '12345', [], [12345]],
    [
      'keys that an object has anyway',
      '{"__proto__": 1, "constructor": 2}',
      [],
      [JSON.parse('{"__proto__": 1, "constructor": 2}')],
    ],
    ['an escaped key', '{"Vp\\u0063s": [1]}', [1], [{}]],
    ['surrogates, paired or not', '["\\ud83d\\ude00", "\\ud83d", "😀"]', ['😀', '\ud83d', '😀'], [[]]],
    ['512 levels', `[${'['.repeat(512)}${']'.repeat(512)}]`, [JSON.parse('['.repeat(512) + ']'.repeat(512))], [[]]],
  ])('may hold %s', (_, text, elements, rests) => {
    for (const chunk of [1, 2, 3, 5, 4096]) {
      const reading = read(text, { chunk });
      expect(values(reading)).toEqual(elements);
      expect(reading.rests).toEqual(rests);
      expect(reading.faults).toEqual([]);
    }
  });

  test('may hold a string longer than many chunks', () => {
    const long = 'é"\\'.repeat(100_000);
    expect(values(read(JSON.stringify([{ long }, 1]), { chunk: 1000 }))).toEqual([{ long }, 1]);
  });

  test('has places that count characters of each line', () => {
    const { places } = read('{\r\n  "Vpcs": [\r\n    "ü😀", {\r\n    },\r\n1]}');
    expect(places).toEqual(['3:5', '3:11', '5:1']);
  });

  test('has places that may be asked in any order, and after the file is gone', () => {
    const other = join(folder.path, 'gone.json');
    writeFileSync(other, '[1,\n2,\n3]');
    const places: { line: number; column: number }[] = [];
    readRecordedFile(other, { wants: () => true, element: (_key, _value, at) => places.push(at), rest: () => {} });
    expect(places.map(({ line }) => line).reverse()).toEqual([3, 2, 1]);
    expect(places.map(({ column }) => column)).toEqual([2, 1, 1]);
    truncateSync(other, 3);
    const late = readRecordedFile(other, {
      wants: () => true,
      element: (_key, _value, at) => places.push(at),
      rest: () => {},
    });
    expect(late).toHaveLength(1);
    expect(places.at(-1)?.line).toBe(1);
  });
});

describe('the encoding', () => {
  const text = '{"Vpcs": ["Zürich 😀", {"a": 1}],\r\n "NextToken": "x"}\r\n';
  const utf16 = (littleEndian: boolean, content: string) => {
    const bytes = Buffer.from(`\ufeff${content}`, 'utf16le');
    return littleEndian ? bytes : bytes.swap16();
  };

  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16LE', utf16(true, text)],
    ['UTF-16BE', utf16(false, text)],
  ])('may be %s', (_, bytes) => {
    for (const chunk of [1, 3, 64, 4096]) {
      const { elements, places, rests, faults } = read(bytes, { chunk });
      expect(elements).toEqual([
        ['Vpcs', 'Zürich 😀'],
        ['Vpcs', { a: 1 }],
      ]);
      expect(places).toEqual(['1:11', '1:23']);
      expect(rests).toEqual([{ NextToken: 'x' }]);
      expect(faults).toEqual([]);
    }
  });

  test('may put a surrogate pair across two pieces of UTF-16', () => {
    for (const bytes of [utf16(true, `["${'x'.repeat(32_764)}😀é"]`), utf16(false, `["${'x'.repeat(32_765)}😀é"]`)]) {
      const [element] = values(read(bytes));
      expect(String(element).replace(/^x+/, '')).toBe('😀é');
    }
  });

  test('finds faults in UTF-16 at their character', () => {
    expect(read(utf16(true, '{"ä": [\n"é", nul, 2]}')).faults).toEqual(["2:6 'nul' is no JSON value"]);
    expect(read(utf16(true, `[1,\n${' '.repeat(100_000)}x]`)).faults).toEqual(["2:100001 'x' is no JSON value"]);
  });

  test('that is cut within a character of UTF-16 ends there', () => {
    const bytes = utf16(true, '[1, "a');
    expect(read(bytes.subarray(0, bytes.length - 1)).faults).toEqual(['1:7 the file ends before its JSON does']);
  });

  test('that is not UTF-8 is told once, and the text read with U+FFFD', () => {
    const bytes = Buffer.from('{"Vpcs": [{"a": "é"},\n{"a": "Z_rich"}, "_"], "k": "_"}');
    const spoilt = bytes.map((byte) => (byte === 0x5f ? 0xfc : byte));
    expect(read(spoilt)).toEqual({
      elements: [
        ['Vpcs', { a: 'é' }],
        ['Vpcs', { a: 'Z\ufffdrich' }],
        ['Vpcs', '\ufffd'],
      ],
      places: ['1:11', '2:1', '2:18'],
      rests: [{ k: '\ufffd' }],
      faults: ['2:9 this is not UTF-8; such bytes are read as U+FFFD'],
    });
  });
});

describe('malformed JSON', () => {
  test.each<[string, string, unknown[], string[]]>([
    ['an empty file', '', [], ['1:1 the file is empty']],
    ['a file of blanks', ' \r\n\t\n', [], ['1:1 the file holds only blanks']],
    ['a page of HTML', '<html>\n<body>no</body></html>', [], ["1:1 expected a value, found '<'"]],
    ['text before the JSON', 'Warning: slow\n{"a": [1]}', [], ["1:1 'Warning' is no JSON value"]],
    ['text after the JSON', '{"a": [1]}\nDone.\n', [1], ["2:1 'Done.' is no JSON value"]],
    ['a bracket after the JSON', '{"a": [1]}}', [1], ["1:11 expected a value, found '}'"]],
    ['a comma after the JSON', '{"a": [1]},\n{"a": [2]}', [1], ["1:11 expected a value, found ','"]],
    ['a NUL byte', '{"a": [1, \0, 2]}', [1], ["1:11 expected a value, found '\\x00'"]],
    ['NUL bytes at the end', '{"a": [1]}\0\0', [1], ["1:11 expected a value, found '\\x00'"]],
    ['a wrong word among elements', '{"a": [1,\n  nul, 3]}', [1, 3], ["2:3 'nul' is no JSON value"]],
    ['NaN', '[NaN, 1]', [1], ["1:2 'NaN' is no JSON value"]],
    ['a number with a leading zero', '[{"a": 01}, 1]', [1], ["1:9 expected ',' or a closing bracket, found '1'"]],
    ['half a number', '[{"a": 1.}, 2e, 1]', [1], ["1:8 '1.' is no JSON number", "1:13 '2e' is no JSON number"]],
    ['a wrong escape', '[{"a": "tab\\q"}, 1]', [1], ['1:12 JSON knows no such escape in a string']],
    [
      'a wrong escape after an escaped backslash',
      '[{"a": "\\\\q\\q"}]',
      [],
      ['1:12 JSON knows no such escape in a string'],
    ],
    ['a wrong \\u escape', '["\\u00e9\\u12g4", 1]', [1], ['1:9 expected four hexadecimal digits after \\u']],
    ['a bare tab in a string', '[{"a": "x\ty"}, 1]', [1], ['1:10 a control character must be escaped in a string']],
    ['a comment', '[1, /* 2, */ 3]', [1], ["1:5 expected a value, found '/'"]],
    ['a comment in an element', '[{"a": /* 2 */ 3}, 1]', [1], ['1:8 JSON has no comments']],
    ['single quotes around an element', "[1, ', 2, ']", [1], ["1:5 expected a value, found '''"]],
    ['an element with a comma too many', '[{"a": 1,}, 1]', [1], ["1:10 expected a key in double quotes, found '}'"]],
    [
      'an element with a comma too few',
      '[{"a": 1\n "b": 2}, 1]',
      [1],
      ["2:2 expected ',' or a closing bracket, found '\"b\"'"],
    ],
    ['an element without a colon', '[{"a" 1}, 1]', [1], ["1:7 expected ':' after the key, found '1'"]],
    ['an element without a value', '[{"a": }, 1]', [1], ["1:8 expected a value, found '}'"]],
    ['single quotes', "[{'a': 1}, 1]", [1], ["1:3 ''a'' is no JSON value"]],
    ['a list that ends in a comma', '{"a": [1, 2,], "b": [3]}', [1, 2, 3], ["1:13 expected a value, found ']'"]],
    [
      'commas without elements',
      '[,1,,2]',
      [1, 2],
      ["1:2 expected a value, found ','", "1:5 expected a value, found ','"],
    ],
    [
      'elements without a comma',
      '[{"a": 1}\n{"a": 2} 3]',
      [{ a: 1 }, { a: 2 }, 3],
      ["2:1 expected ',' or ']', found '{'", "2:10 expected ',' or ']', found '3'"],
    ],
    ['an object that ends in a comma', '{"a": [1],}', [1], ["1:11 expected a key in double quotes, found '}'"]],
    ['members without a comma', '{"a": [1] "b": [2]}', [1, 2], ["1:11 expected ',' or '}', found '\"'"]],
    ['a key without quotes', '{a: [1]}', [], ["1:2 expected a key in double quotes, found 'a'"]],
    ['a key without a colon', '{"a": [1], "b" [2]}', [1], ["1:16 expected ':' after the key, found '['"]],
    ['a key without a value', '{"a": , "b": [2]}', [], ["1:7 expected a value, found ','"]],
    ['a key with a wrong escape', '{"a\\q": [1], "b": [2]}', [2], ['1:4 JSON knows no such escape in a string']],
    ['a key that stands twice', '{"a": [1],\n "a": [2]}', [1, 2], ["2:2 the key 'a' stands twice in one object"]],
    ['a list closed as an object', '{"a": [1, 2}, "b": [3]}', [1, 2], ["1:12 expected ',' or ']', found '}'"]],
    [
      'an element closed as a list',
      '[{"a": [1}, {"b": [2]}]',
      [],
      ["1:10 expected ',' or a closing bracket, found '}'"],
    ],
    ['a bracket too many', '[{"a": 1}}, 2]', [{ a: 1 }], ["1:10 expected ',' or ']', found '}'"]],
    ['a colon in a list', '["a": 1]', ['a'], ["1:5 expected ',' or ']', found ':'"]],
    [
      'a string without its end, before a line end',
      '[{"a": "x,\n"b": "}"\n}, 1]',
      [1],
      ['1:8 the string has no closing quote on its line'],
    ],
    ['control characters for the terminal', '[\x1b[31m, 1]', [], ["1:2 expected a value, found '\\x1b'"]],
    [
      'two faults in the order of their places',
      '[nul 1]',
      [1],
      ["1:2 'nul' is no JSON value", "1:6 expected ',' or ']', found '1'"],
    ],
    ['a very long word', `[${'x'.repeat(50)}, 1]`, [1], ["1:2 'xxxxxxxxxxxxxxxxxxxx...' is no JSON value"]],
  ])('%s', (_, text, elements, faults) => {
    for (const chunk of [1, 2, 7, 4096]) {
      const reading = read(text, { chunk });
      expect(values(reading)).toEqual(elements);
      expect(reading.faults).toEqual(faults);
    }
  });

  test('a key that stands twice keeps its last value in the rest', () => {
    expect(read('{"a": 1, "b": 2, "a": 3}')).toMatchObject({
      rests: [{ a: 3, b: 2 }],
      faults: ["1:18 the key 'a' stands twice in one object"],
    });
  });

  test('a member that is no value leaves the others', () => {
    expect(read('{"a": nul, "b": {"c": 1,}, "d": 2}')).toMatchObject({
      rests: [{ d: 2 }],
      faults: ["1:7 'nul' is no JSON value", "1:25 expected a key in double quotes, found '}'"],
    });
  });

  test('100,000 brackets are refused, and what stands beside them is read', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const { elements, rests, faults } = read(`{"a": [1, ${deep}, 2], "b": ${deep}, "c": 3}`);
    expect(elements).toEqual([
      ['a', 1],
      ['a', 2],
    ]);
    expect(rests).toEqual([{ c: 3 }]);
    expect(faults).toEqual([
      '1:11 the value is nested deeper than 512 levels',
      '1:200023 the value is nested deeper than 512 levels',
    ]);
    expect(read('['.repeat(100_000)).faults).toEqual(['1:100001 the file ends before its JSON does']);
    expect(read('{"a":'.repeat(100_000)).faults).toEqual(['1:500001 the file ends before its JSON does']);
  });

  test('a value too long to be held is refused, and what stands beside it is read', () => {
    const long = JSON.stringify({ long: 'x'.repeat(500) });
    for (const chunk of [1, 64, 4096]) {
      const { elements, rests, faults } = read(`{"a": [1, ${long}, 2], "b": ${long}, "c": 3}`, { chunk, length: 100 });
      expect(elements).toEqual([
        ['a', 1],
        ['a', 2],
      ]);
      expect(rests).toEqual([{ c: 3 }]);
      expect(faults).toEqual(['1:11 the value is longer than 100 bytes', '1:533 the value is longer than 100 bytes']);
    }
  });

  test('a value too long to be held does not fill the memory', () => {
    const size = 64 << 20;
    let offset = 0;
    const longString: NextBytes = (into, at, most) => {
      const count = Math.min(most, size - offset);
      into.fill('x', at, at + count);
      if (offset === 0) into.write('"', at);
      offset += count;
      if (offset === size && count > 0) into.write('"', at + count - 1);
      return count;
    };
    const window = new JsonWindow(longString, { chunk: 1 << 16, length: 1 << 20, depth: 1 }, () => {});
    expect(String.fromCharCode(window.peek())).toBe('"');
    expect(window.passValue()).toBe('long');
    expect(window.offsetOf(window.position)).toBe(size);
    expect(window.peek()).toBe(END);
    expect(window.bytes.length).toBeLessThanOrEqual(4 << 20);
  });

  test('very many faults are counted', () => {
    const { elements, faults } = read(`[${'{"a" 1},\n'.repeat(1000)}7]`);
    expect(elements).toEqual([['', 7]]);
    expect(faults).toHaveLength(101);
    expect(faults.at(0)).toBe("1:7 expected ':' after the key, found '1'");
    expect(faults.at(99)).toBe("100:6 expected ':' after the key, found '1'");
    expect(faults.at(100)).toBe('100:6 900 more faults are not listed');
  });

  test('is told at its place behind many elements', () => {
    const { elements, faults } = read(`{"Reservations": [\n${'{"a": [1, 2]},\n'.repeat(100_000)}{"a": [1 2]}, 3]}`);
    expect(elements).toHaveLength(100_001);
    expect(faults).toEqual(["100002:10 expected ',' or a closing bracket, found '2'"]);
  });

  test('is a fault exactly where JSON.parse throws', () => {
    const document = JSON.stringify({ Vpcs: [{ a: 'x"\\é' }, [1, -2.5e3, true], null], NextToken: 'y' }, null, 1);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: document.length - 3 }), // a second document may stand before and behind
        fc.constantFrom(...'{}[]",:\\ \n\t0e-.tx\u0000é'),
        fc.nat(2),
        aChunk,
        (at, put, cut, chunk) => {
          const text = document.slice(0, at) + put + document.slice(at + cut);
          const reading = read(text, { chunk });
          let parsed: unknown;
          try {
            parsed = JSON.parse(text);
          } catch {
            expect(reading.faults.length).toBeGreaterThan(0);
            return;
          }
          expect(reading.faults.filter((fault) => !fault.includes('stands twice'))).toEqual([]);
          if (reading.faults.length === 0) expect(whole(reading, parsed)).toEqual(parsed);
        },
      ),
      runs(500),
    );
  });
});

describe('a file that is cut off', () => {
  const elements = [{ a: 'x"]}\\', b: [1, { c: null }] }, 'é😀', [[]], true, -12.5, {}];
  test.each([
    ['compact', JSON.stringify({ Vpcs: elements, Next: 'y', Subnets: elements })],
    ['indented', JSON.stringify({ Vpcs: elements, Next: 'y', Subnets: elements }, null, 4)],
    ['a list', JSON.stringify(elements)],
  ])('gives what is whole before the cut, and says where it ends: %s', (_, text) => {
    const bytes = Buffer.from(text);
    const all = values(read(bytes));
    for (let length = 1; length < bytes.length; length++) {
      const reading = read(bytes.subarray(0, length), { chunk: 1 + (length % 17) });
      const given = values(reading);
      expect(given).toEqual(all.slice(0, given.length));
      const lines = bytes.subarray(0, length).toString().split('\n');
      const end = `${lines.length}:`;
      expect(reading.faults.at(-1)).toMatch(/ the file ends before its JSON does$/);
      expect(reading.faults.at(-1)?.startsWith(end)).toBe(true);
      expect(
        reading.rests.every((rest) => Array.isArray(rest) || Object.values(rest as object).every((v) => v === 'y')),
      ).toBe(true);
    }
  });

  test('gives every element that is whole', () => {
    expect(values(read('{"a": [{"b": 1}, {"b": 2}, {"b": '))).toEqual([{ b: 1 }, { b: 2 }]);
    expect(values(read('{"a": [1, 22'))).toEqual([1]);
  });

  test('shows the mistake that made it look cut off', () => {
    expect(read('[{"a": [1, 2},\n{"b": 1}]').faults).toEqual(["1:13 expected ',' or a closing bracket, found '}'"]);
    expect(read('[{"a": {"b": 1,\n{"c": 1}]').faults).toEqual(["2:1 expected a key in double quotes, found '{'"]);
    expect(read('[{"a": "x, "b": 1}]').faults).toEqual([
      "1:13 'b' is no JSON value",
      '1:20 the file ends before its JSON does',
    ]);
  });
});

/** Runs something as a user who may not read everything, where the tests run as root. */
function asNobody<T>(run: () => T): T {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a file that the system refuses', () => {
  test.each([
    ['that does not exist', join(folder.path, 'none.json'), 'there is no such file or folder'],
    ['that is a folder', folder.path, 'this is a folder, not a file'],
    ['below a file', join(__filename, 'x.json'), /^it cannot be read: ENOTDIR/],
  ])('%s is a fault', (_, path, what) => {
    const { elements, rests, faults } = readFile(path, () => true);
    expect([elements, rests]).toEqual([[], []]);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.replace(/^1:1 /, '')).toMatch(what);
  });

  test('that may not be read is a fault', () => {
    const secret = join(folder.path, 'secret.json');
    writeFileSync(secret, '{}');
    chmodSync(secret, 0);
    expect(asNobody(() => readFile(secret, () => true).faults)).toEqual(['1:1 this user may not read it']);
  });

  test('throws what the sink throws', () => {
    writeFileSync(FILE, '[1]');
    const sink = {
      wants: () => true,
      rest: () => {},
      element: () => {
        throw new RangeError('of the sink');
      },
    };
    expect(() => readRecordedFile(FILE, sink)).toThrow('of the sink');
  });
});

test('a pipe is read as a file, places included', () => {
  const pipe = join(folder.path, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const writer = spawn('sh', ['-c', `printf '{"Vpcs": [1,\\n 2, x]}' > '${pipe}'`]);
  try {
    const { elements, places, faults } = readFile(pipe, () => true);
    expect(elements).toHaveLength(2);
    expect(places).toEqual(['1:11', '2:2']);
    expect(faults).toEqual(["2:5 'x' is no JSON value"]);
  } finally {
    writer.kill();
  }
});
