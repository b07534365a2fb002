// What reading a folder costs at least: JSON.parse of every file in it, one after another.
// usage: node test/bench/parse-all.mjs DIR

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , directory] = process.argv;
for (const name of readdirSync(directory).sort()) JSON.parse(readFileSync(join(directory, name), 'utf8'));
