import { expect, test } from '@jest/globals';
import { symptomOf } from '../support/kernel/prober.js';
import { words } from '../support/kernel/recipes/recipe.js';
import { recipes } from '../support/kernel/recipes.js';
import { describeKernel, GATHER_AND_START_MS } from '../support/kernel/suite.js';
import { tryRecipe } from '../support/kernel/try-recipe.js';

describeKernel('what a client sees of', () => {
  test.each(recipes)(
    '$id: $symptom',
    (recipe) =>
      tryRecipe(recipe, ({ ssh, answer, log, facts }) => {
        const { symptom, or, probe = symptom, takes, log: said = /^/, words: more = /^/ } = recipe;
        if (![symptom, or].some((one) => one && words[one]?.test(ssh.stderr)))
          throw new Error(`not ${symptom}:\n${ssh.stderr}`);
        expect(ssh.stderr).toMatch(more);
        expect([probe, or]).toContain(symptomOf(answer));
        expect(log).toMatch(said);
        facts.forEach((fact, at) => {
          expect(fact).toMatch(recipe.facts?.[at]?.[1] ?? /^/);
        });
        if (takes === undefined) return;
        // The machine may have been busy once.
        const quickest = Math.min(ssh.ms, answer.ms);
        expect(quickest).toBeGreaterThanOrEqual(takes[0]);
        expect(quickest).toBeLessThanOrEqual(takes[1]);
      }),
    GATHER_AND_START_MS,
  );
});
