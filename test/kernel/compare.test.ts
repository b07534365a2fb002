import { test } from '@jest/globals';
import { appendFileSync, writeFileSync } from 'node:fs';
import { hostOf, predict } from '../support/kernel/predict.js';
import { search } from '../support/kernel/search.js';
import { describeKernel, GATHER_AND_START_MS } from '../support/kernel/suite.js';

describeKernel('compare', () => {
  test('all', async () => {
    let unknown = 0;
    let wrong = 0;
    const why = new Map<string, number>();
    const bad: string[] = [];
    let kept = 0;
    const { trials, questions, seconds } = await search((trial) => {
      const host = hostOf(trial.bundle);
      let any = false;
      for (const asked of trial.asked) {
        const told = predict(host, asked);
        const seen = asked.symptom;
        if (told.symptom === 'cannot-tell') {
          unknown++;
          const code = told.findings.flatMap(({ missing }) => missing.map(({ message }) => message))[0] ?? `${told.verdict}`;
          why.set(code, (why.get(code) ?? 0) + 1);
          continue;
        }
        if (told.symptom !== seen) {
          wrong++;
          any = true;
          if (bad.length < 60) appendFileSync('/tmp/cmp.log', `${trial.seed} ${asked.source} -> ${asked.host}:${asked.port} saw ${seen} by ${asked.by} said ${told.verdict} ${told.symptom} ${told.findings.map((f) => f.causes.map((c) => c.message).join('|')).join(' // ')}\n`);
        }
      }
      appendFileSync('/tmp/cmp.log', `-- ${trial.seed} ${trial.asked.length} wrong ${wrong} unknown ${unknown}\n`);
      if (any && kept++ < 5) writeFileSync(`/tmp/bad-${trial.seed}.txt`, `${trial.ruleset.map((r) => `## ${r.loader}\n${r.text}`).join('\n')}\n=====\n${trial.bundle}`);
    });
    process.stderr.write(`${trials} ${questions} in ${seconds}: wrong ${wrong} unknown ${unknown}\n${bad.join('\n')}\n${[...why].sort((a, b) => b[1] - a[1]).slice(0, 25).map(([k, v]) => `${v} ${k}`).join('\n')}\n`);
  }, GATHER_AND_START_MS * 5);
});
