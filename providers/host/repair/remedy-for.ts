import type { CauseCode } from '../../../src/model/index.js';
import { banRecipes } from './ban.js';
import { daemonRecipes } from './daemon.js';
import { firewallRecipes } from './firewall.js';
import { listenerRecipes } from './listener.js';
import { loginRecipes } from './login.js';
import { pathRecipes } from './path.js';
import { type ForeseenRemedy, noteOf, type Recipe, type RemedyQuestion } from './remedy.js';
import { systemOf, systemOfFamily } from './system.js';

/** A cause that is not among them has no command: the cloud's own causes have theirs, and some are for people only. */
const recipes: Readonly<Partial<Record<CauseCode, Recipe>>> = {
  ...listenerRecipes,
  ...firewallRecipes,
  ...banRecipes,
  ...daemonRecipes,
  ...pathRecipes,
  ...loginRecipes,
};

/**
 * What removes a cause: exact for the distribution, and for the rule, line or unit that the evidence names. Of
 * a distribution that is not known it answers the commands of Debian, and those of RHEL in the note where they differ.
 */
export function remedyFor(code: CauseCode, question: RemedyQuestion): ForeseenRemedy | undefined {
  const recipe = recipes[code];
  if (!recipe) return undefined;
  const system = systemOf(question.bundle);
  if (system.family !== 'unknown') return recipe({ ...question, system });
  // What the bundle tells of the init system and of the unit holds for both.
  const { family: _, ...told } = question.bundle ? system : systemOfFamily('unknown');
  const of = (family: 'debian' | 'rhel') =>
    recipe({ ...question, system: { ...systemOfFamily(family), ...(question.bundle && told) } });
  const [debian, rhel] = [of('debian'), of('rhel')];
  if (!debian || !rhel || debian.commands.join('\n') === rhel.commands.join('\n')) return debian ?? rhel;
  const others = `these are the commands of Debian and Ubuntu; on RHEL, Fedora and Amazon Linux: ${rhel.commands.join(' && ')}`;
  return { ...debian, ...noteOf(others, debian.note) };
}
