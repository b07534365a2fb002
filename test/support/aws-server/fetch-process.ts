import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from '@jest/globals';
import { build } from 'esbuild';
import type { AwsAnswer } from '../../../providers/aws/fetch.js';
import { tempFolder } from '../temp-folder.js';

const ROOT = join(__dirname, '../../..');

/**
 * Runs `fetchAws` in a process of its own. Inside jest the errors of Node's sockets belong to another realm than the SDK,
 * which then does not know them for errors.
 */
export function fetchProcess(): { answers(): Promise<AwsAnswer[]> } {
  const folder = tempFolder();
  const script = join(folder.path, 'fetch.cjs');
  beforeAll(async () => {
    const contents = `
      import { fetchAws } from './providers/aws/fetch.js';
      const answers = [];
      fetchAws({ profiles: [], regions: [] }, { progress() {} }, (answer) => answers.push(answer))
        .then(() => console.log(JSON.stringify(answers)));`;
    const stdin = { contents, resolveDir: ROOT };
    const supported = { 'dynamic-import': false };
    await build({ stdin, bundle: true, platform: 'node', packages: 'external', supported, outfile: script });
  });
  afterAll(() => folder.remove());
  return {
    async answers() {
      const env = { ...process.env, NODE_PATH: join(ROOT, 'node_modules') };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [script], { env, maxBuffer: 1 << 26 });
      if (stderr !== '') throw new Error(stderr);
      return JSON.parse(stdout);
    },
  };
}
