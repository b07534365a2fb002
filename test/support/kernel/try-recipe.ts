import { type Lab, type SshRan, startLab } from './lab.js';
import type { ProbeAnswer } from './prober.js';
import { type Recipe, V4 } from './recipes/recipe.js';
import { LOG } from './sshd.js';

export interface Tried {
  readonly ssh: SshRan;
  readonly answer: ProbeAnswer;
  readonly log: string;
}

/** Arranges a recipe in a lab of its own, tries it, and hands the lab over while it stands: to record the server, for instance. */
export async function tryRecipe<T>(recipe: Recipe, then: (tried: Tried, lab: Lab) => T | Promise<T>): Promise<T> {
  const { suite, router } = recipe;
  const lab = await startLab({ ...(suite ? { suite } : {}), ...(router ? { router } : {}) });
  try {
    await recipe.arrange(lab);
    const { host = V4, port = 22, patience = 2, ssh: more = [] } = recipe;
    const parameters = ['-v', '-o', `ConnectTimeout=${patience}`, '-p', String(port), ...more, `root@${host}`];
    // ConnectTimeout ends with the banner: what hangs after it would do so for ever.
    const ssh = await lab.ssh(parameters, recipe.symptom === 'kex-hang' ? 4000 : 30_000);
    const answer = await lab.attempt(host, port, patience > 2 ? 6000 : 1000, patience > 2 ? 6000 : 700);
    const { stdout: log } = await lab.server.run(`cat ${LOG}`);
    return await then({ ssh, answer, log }, lab);
  } finally {
    await lab.end();
  }
}
