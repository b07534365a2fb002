import { readProbe } from '../diagnose/probe-record.js';
import { readSaw } from '../diagnose/read-saw.js';
import { type Observation, type Problem, symptoms } from '../model/index.js';
import { misuse } from './options.js';
import type { Shell } from './shell.js';

/** Reads what `--saw` gives: text of a client, what `port22 probe --format json` printed, or `-` for either on stdin. */
export async function readSawText(
  given: string,
  shell: Shell,
  os: Observation['os'],
): Promise<{ readonly observations: readonly Observation[]; readonly problem?: Problem }> {
  const text = given === '-' ? await shell.input() : given;
  const { observations } = readProbe(text) ?? readSaw(text);
  if (observations.length > 0) {
    return { observations: os ? observations.map((one) => ({ os, ...one })) : observations };
  }
  const what =
    text.trim() === '' ? 'there is nothing that was seen' : 'the text holds no failure of a client that port22 knows';
  const why = 'it looks for the lines of ssh, PuTTY, nc, curl, Node and the like that say how an attempt ended';
  const fix = `paste what the client printed, best from ssh -v, or one of ${symptoms.filter((one) => one !== 'cannot-tell').join(', ')}`;
  return { observations: [], problem: misuse(what, '--saw', why, fix) };
}
