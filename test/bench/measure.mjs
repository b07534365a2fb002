// Runs node as a child process and tells what it took.

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROBE = fileURLToPath(new URL('report-usage.cjs', import.meta.url));

function timed(args, env) {
  const start = process.hrtime.bigint();
  const { status, signal } = spawnSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  return { milliseconds, ended: signal ?? status };
}

/**
 * Runs `node ...args` once, its output thrown away: wall and processor time in milliseconds, peak memory in MiB. Throws an Error unless
 * it ends with one of `exitCodes`.
 */
export function measure(args, exitCodes) {
  const usage = join(tmpdir(), `port22-bench-usage-${process.pid}.json`);
  try {
    const { milliseconds, ended } = timed(['--require', PROBE, ...args], { ...process.env, BENCH_USAGE: usage });
    if (!exitCodes.includes(ended)) throw new Error(`node ${args.join(' ')} ended with ${ended}`);
    const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(usage, 'utf8'));
    return { milliseconds, processor: (userCPUTime + systemCPUTime) / 1000, peak: maxRSS / 1024 };
  } finally {
    rmSync(usage, { force: true });
  }
}

/**
 * Runs `node ...args` and `node ...otherArgs` in turn, `pairs` times: the median wall time of each, and the median of their ratios. Throws
 * an Error unless the first ends with one of `exitCodes`.
 */
export function measurePairs(args, otherArgs, pairs, exitCodes) {
  const runs = [];
  for (let k = 0; k < pairs; k++) {
    const ours = timed(args, process.env);
    const theirs = timed(otherArgs, process.env);
    if (!exitCodes.includes(ours.ended)) throw new Error(`node ${args.join(' ')} ended with ${ours.ended}`);
    runs.push({ ours: ours.milliseconds, theirs: theirs.milliseconds });
  }
  return {
    milliseconds: median(runs.map(({ ours }) => ours)),
    against: median(runs.map(({ theirs }) => theirs)),
    ratio: median(runs.map(({ ours, theirs }) => ours / theirs)),
  };
}

/** The median wall time in milliseconds of `times` calls of `run`. */
export function medianTime(run, times = 7) {
  const milliseconds = [];
  for (let k = 0; k < times; k++) {
    const start = performance.now();
    run();
    milliseconds.push(performance.now() - start);
  }
  return median(milliseconds);
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
