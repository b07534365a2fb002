// What `npm start` shows: three questions about the example account and its audit, then an audit of three clouds and a diagnosis, each
// as a command that people can repeat.
// Status 0 when every command ended with the exit code that its answer has.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { stopWith } from './problem.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const EXAMPLE = 'examples/three-tier';
const CLOUDS = 'examples/three-clouds --complete';

const BANNED = '--host examples/banned/web.bundle';

const shown = [
  { about: 'the office reaches the bastion', words: 'explain bastion --from 198.51.100.7', exitCode: 0 },
  { about: 'but not web-2', words: 'explain web-2 --from 198.51.100.7', exitCode: 1 },
  { about: 'and the bastion does not reach app-1', words: 'explain app-1 --from bastion', exitCode: 1 },
  { about: 'who reaches whom at all', words: 'audit', exitCode: 0 },
  { about: 'AWS, Google Cloud and Azure at once', words: 'audit', input: CLOUDS, exitCode: 0 },
  {
    about: 'a machine that refuses although its sshd runs',
    words: `diagnose --saw "ssh: connect to host 10.10.1.2 port 22: Connection refused" ${BANNED}`,
    input: null,
    exitCode: 0,
  },
  {
    about: 'one that a rule of Google Cloud nearly lets in',
    words: 'explain reports --from 198.51.100.7',
    input: CLOUDS,
    exitCode: 1,
  },
];

// A reader that hangs up (`npm start | head`) has seen enough.
process.stdout.on('error', ({ code }) => process.exit(code === 'EPIPE' ? 0 : 1));

const strong = process.stdout.hasColors?.() ? (text) => styleText('bold', text) : (text) => text;

await say(`${EXAMPLE} is the recorded AWS account of a shop, with eight faults in it.\n\n`);
for (const { about, words, input = EXAMPLE, exitCode } of shown) {
  await show(about, input === null ? words : `${words} --in ${input}`, exitCode);
}
await say(`More to ask, and what is wrong in that account: ${EXAMPLE}/README.md\n`);
await say('Your own accounts: npx port22 audit --aws --gcp --azure\n');

async function show(about, words, exitCode) {
  await say(`# ${about}\n${strong(`$ npx port22 ${words}`)}\n\n`);
  const command = spawn(process.execPath, ['dist/bin/port22.cjs', ...wordsOf(words)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const [code, signal] = await once(command, 'exit');
  await say('\n');
  if (code === exitCode) return;
  stopWith({
    what: `the command ended with ${signal ?? `status ${code}`}, not with status ${exitCode}`,
    where: `port22 ${words}`,
    why: `the answer to it in the example has status ${exitCode}`,
    fix: 'see what it says above; npm test names what does not work as it should',
  });
}

/** As a shell splits them: what stands in quotes is one. */
function wordsOf(text) {
  return [...text.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

/** Resolves when the text is out, so that it stands before what a command prints; never when nobody reads any more. */
function say(text) {
  return new Promise((resolve) => process.stdout.write(text, (error) => error ?? resolve()));
}
