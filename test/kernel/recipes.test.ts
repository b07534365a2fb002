import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { diagnosed, faultOf } from '../support/kernel/diagnosed.js';
import { symptomOf } from '../support/kernel/prober.js';
import { type Recipe, words } from '../support/kernel/recipes/recipe.js';
import { recipes } from '../support/kernel/recipes.js';
import { describeKernel, GATHER_AND_START_MS } from '../support/kernel/suite.js';
import { type Tried, tryRecipe } from '../support/kernel/try-recipe.js';

describeKernel('what a client sees, and port22 says, of', () => {
  const table = new Map<string, string>();

  test.concurrent.each(recipes)(
    '$id: $symptom, $code',
    (recipe) =>
      tryRecipe(recipe, async (tried, lab) => {
        expectSeen(recipe, tried);
        const attempt = await diagnosed(recipe, tried.ssh, lab);
        const [first] = attempt.causes;
        const seen = attempt.observation.symptoms.join(' or ');
        table.set(
          recipe.id,
          `| ${recipe.id} | ${recipe.code} | ${seen} | ${first?.code ?? '-'} | ${first?.standing ?? '-'} |`,
        );
        expect(faultOf(recipe, attempt)).toBeUndefined();
      }),
    GATHER_AND_START_MS,
  );

  // Which cause was rebuilt, what its client saw, and what the diagnosis names first.
  afterAll(() => {
    const { PORT22_TABLE } = process.env;
    if (PORT22_TABLE === undefined) return;
    const head = ['| what | cause rebuilt | seen | first diagnosis | standing |', '|---|---|---|---|---|'];
    writeFileSync(PORT22_TABLE, `${[...head, ...recipes.flatMap(({ id }) => table.get(id) ?? [])].join('\n')}\n`);
  });
});

function expectSeen(recipe: Recipe, { ssh, answer, log, facts }: Tried): void {
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
}
