import { availableParallelism } from 'node:os';
import { bundleText } from './bundle-text.js';
import { type Lab, startLab } from './lab.js';
import { type Asked, applyRules, questions, type Ruleset } from './oracle.js';
import { type Random, randomOf } from './random.js';
import { randomIpsets, randomIptables } from './random-iptables.js';
import { randomNft } from './random-nft.js';
import { listeners } from './universe.js';

/** A server with random rules, and what its kernel answered. */
export interface Trial {
  /** Finds it again: `seed` of `trialOf`. */
  readonly seed: number;
  readonly ruleset: Ruleset;
  /** What a collector would have recorded of it, without what decides nothing. */
  readonly bundle: string;
  readonly asked: readonly Asked[];
}

export interface Search {
  readonly trials: number;
  /** Rulesets that a tool refused, with its words. */
  readonly refused: readonly string[];
  readonly questions: number;
  readonly seconds: number;
}

/** How long a search is: as many rulesets as `PORT22_ORACLE_SECONDS` leave time for, from a new seed, or this many from the usual one. */
const RULESETS = 260;
const QUESTIONS = 200;
const SEED = 22;

/** Rules of one backend, or of more than one. */
function randomRuleset(random: Random): Ruleset {
  const nft = { loader: 'nft', text: randomNft(random) } as const;
  if (random.chance(0.45)) return [nft];
  const sets = { loader: 'ipset restore', text: randomIpsets(random) } as const;
  const legacy = random.chance(0.5);
  const iptables = [
    { loader: legacy ? 'iptables-legacy-restore' : 'iptables-restore', text: randomIptables(random, 4) },
    { loader: legacy ? 'ip6tables-legacy-restore' : 'ip6tables-restore', text: randomIptables(random, 6) },
  ] as const;
  return random.chance(0.25) ? [sets, ...iptables, nft] : [sets, ...iptables];
}

/** Gives a lab the rules of a seed, and asks. Undefined where a tool refuses them; its words go to `refused`. */
async function trialOf(lab: Lab, seed: number, refused: string[] = []): Promise<Trial | undefined> {
  const random = randomOf(seed);
  const ruleset = randomRuleset(random);
  try {
    await applyRules(lab, ruleset);
  } catch (error) {
    refused.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  const asked = await questions(lab, random, QUESTIONS);
  return { seed, ruleset, bundle: await bundleText(lab), asked };
}

/** A lab whose server listens as the universe says. */
export async function startOracle(): Promise<Lab> {
  const lab = await startLab();
  await lab.listen(listeners);
  return lab;
}

/** Tries random rules on one lab more than there are processors, as most of the time is waiting for what is dropped. What `judge` throws ends the search. */
export async function search(judge: (trial: Trial) => void): Promise<Search> {
  const seconds = Number(process.env.PORT22_ORACLE_SECONDS ?? 0);
  const first = seconds > 0 ? Date.now() >>> 0 : SEED * 1_000_000;
  const began = Date.now();
  const refused: string[] = [];
  let next = 0;
  let trials = 0;
  let count = 0;
  const isOver = () => (seconds > 0 ? Date.now() - began > 1000 * seconds : next >= RULESETS);

  async function lane(): Promise<void> {
    const lab = await startOracle();
    try {
      while (!isOver()) {
        const trial = await trialOf(lab, first + next++, refused);
        if (trial === undefined) continue;
        trials++;
        count += trial.asked.length;
        judge(trial);
      }
    } finally {
      await lab.end();
    }
  }
  await Promise.all(Array.from({ length: Math.min(3, availableParallelism() + 1) }, lane));
  return { trials, refused, questions: count, seconds: (Date.now() - began) / 1000 };
}
