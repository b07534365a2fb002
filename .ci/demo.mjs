// What `npm start` shows.

import { spawnSync } from 'node:child_process';

const { status } = spawnSync(process.execPath, ['dist/bin/port22.cjs', '--help'], { stdio: 'inherit' });
process.exitCode = status ?? 1;
