import { afterAll, expect, test } from '@jest/globals';
import { tempFolder } from '../../support/temp-folder.js';
import { startMoto } from './moto.js';

const folder = tempFolder();
const before = { ...process.env };
afterAll(() => {
  Object.assign(process.env, before);
  folder.remove();
});

test('without Python the suite fails with the reason and what to do', async () => {
  Object.assign(process.env, { PATH: folder.path, XDG_CACHE_HOME: folder.path });
  await expect(startMoto()).rejects.toThrow(/python3 .*ENOENT[\s\S]*fix: install Python 3/);
});
