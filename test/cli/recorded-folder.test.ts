import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listRecordedFiles } from '../../src/cli/recorded-folder.js';
import { tempFolder } from '../support/temp-folder.js';

describe('the recorded files', () => {
  let folder = tempFolder();
  afterAll(() => folder.remove());
  beforeEach(() => {
    folder.remove();
    folder = tempFolder();
  });

  function list(path = '.') {
    const { files, faults } = listRecordedFiles(join(folder.path, path));
    const inFolder = (file: string) => relative(folder.path, file);
    return { files: files.map(inFolder), faults: faults.map(({ what, path: at }) => `${inFolder(at)}: ${what}`) };
  }

  test('of a folder are its JSON files and those below, in the order of bytes', () => {
    folder.write({
      'b.json': '',
      'a/z.JSON': '',
      'a/y.ndjson': '',
      'a.jsonl': '',
      'é.json': '',
      'Z.json': '',
      '\u{1f600}.json': '',
      '\uffee.json': '',
      'a/deep/er/x.Json': '',
    });
    expect(list()).toEqual({
      files: [
        'Z.json',
        'a/deep/er/x.Json',
        'a/y.ndjson',
        'a/z.JSON',
        'a.jsonl',
        'b.json',
        'é.json',
        '\uffee.json',
        '\u{1f600}.json',
      ],
      faults: [],
    });
  });

  test('leave out other files, hidden ones, pipes and node_modules', () => {
    folder.write({
      'a.json': '',
      'a.json.bak': '',
      'notes.txt': '',
      json: '',
      '.git/b.json': '',
      '._a.json': '',
      'node_modules/c/package.json': '',
      'x/node_modules/d.json': '',
    });
    mkdirSync(join(folder.path, 'folder.json'));
    execFileSync('mkfifo', [join(folder.path, 'pipe.json')]);
    expect(list()).toEqual({ files: ['a.json'], faults: [] });
  });

  test('of a file are the file, whatever it is called and wherever it lies', () => {
    folder.write({ 'answer.txt': '', '.hidden/a': '', 'node_modules/b.json': '' });
    expect(list('answer.txt').files).toEqual(['answer.txt']);
    expect(list('.hidden/a').files).toEqual(['.hidden/a']);
    expect(list('.hidden').files).toEqual([]);
    expect(list('node_modules').files).toEqual(['node_modules/b.json']);
  });

  test('stand once where links lead to them again, or in a ring', () => {
    folder.write({ 'a/one.json': '', 'b/two.json': '' });
    symlinkSync('../b', join(folder.path, 'a/to-b'));
    symlinkSync('../a', join(folder.path, 'b/to-a'));
    symlinkSync('..', join(folder.path, 'b/up'));
    symlinkSync('a/one.json', join(folder.path, 'latest.json'));
    expect(list()).toEqual({ files: ['a/one.json', 'a/to-b/two.json'], faults: [] });
  });

  test('are told apart from what cannot be looked into', () => {
    folder.write({ 'a.json': '' });
    symlinkSync('nowhere', join(folder.path, 'b.json'));
    symlinkSync('c.json', join(folder.path, 'c.json'));
    expect(list()).toEqual({
      files: ['a.json'],
      faults: ['b.json: there is no such file or folder', 'c.json: this is a link that leads back to itself'],
    });
    expect(list('none')).toEqual({ files: [], faults: ['none: there is no such file or folder'] });
  });
});
