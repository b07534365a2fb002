import { type Lab, type SshRan, startLab } from './lab.js';
import type { ProbeAnswer } from './prober.js';
import { type Recipe, V4 } from './recipes/recipe.js';
import { logOf } from './sshd.js';

/** By unit only: with an identifier as well journalctl shows what has both, and nothing that systemd itself says. */
const JOURNAL = 'journalctl -b -o cat -u ssh -u ssh.socket -u sshd.socket';

export interface Tried {
  readonly ssh: SshRan;
  readonly answer: ProbeAnswer;
  readonly log: string;
  /** What the commands of `facts` printed, in their order. */
  readonly facts: readonly string[];
}

/** Arranges a recipe in a lab of its own, tries it, and hands the lab over while it stands: to record the server, for instance. */
export async function tryRecipe<T>(recipe: Recipe, then: (tried: Tried, lab: Lab) => T | Promise<T>): Promise<T> {
  const { suite, router, machine } = recipe;
  const lab = await startLab({ ...(suite && { suite }), ...(router && { router }), ...(machine && { machine }) });
  try {
    await recipe.arrange(lab);
    const { host = V4, port = 22, patience = 2, ssh: more = [] } = recipe;
    const parameters = ['-v', '-o', `ConnectTimeout=${patience}`, '-p', String(port), ...more, `root@${host}`];
    // ConnectTimeout ends with the banner: what hangs after it would do so for ever.
    const ssh = await lab.ssh(parameters, recipe.symptom === 'kex-hang' ? 4000 : 30_000);
    const { knocks = host } = recipe;
    const answer = await lab.attempt(knocks, port, patience > 2 ? 6000 : 1000, patience > 2 ? 6000 : 700);
    const log = machine ? (await lab.server.run(JOURNAL)).stdout : await logOf(lab.server);
    const facts: string[] = [];
    for (const [command] of recipe.facts ?? []) facts.push((await lab.server.run(command)).stdout);
    return await then({ ssh, answer, log, facts }, lab);
  } finally {
    await lab.end();
  }
}
