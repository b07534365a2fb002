import { expect, test } from '@jest/globals';
import { atMost } from '../../src/record/index.js';

/** Work that is done when the test says so. */
function work(started: string[], name: string) {
  let finish: (failure?: Error) => void = () => {};
  const run = () => {
    started.push(name);
    return new Promise<string>((resolve, reject) => {
      finish = (failure) => (failure ? reject(failure) : resolve(name));
    });
  };
  return { run, finish: (failure?: Error) => finish(failure) };
}

test('work starts in its order, as many at a time as there are slots, and a failure frees its slot', async () => {
  const slots = atMost(2);
  const started: string[] = [];
  const [a, b, c] = [work(started, 'a'), work(started, 'b'), work(started, 'c')];
  const [d, e, f] = [work(started, 'd'), work(started, 'e'), work(started, 'f')];
  const results = [a, b, c, d].map(({ run }) => slots(run));
  expect(started).toEqual(['a', 'b']);
  b.finish(new Error('b failed'));
  await expect(results[1]).rejects.toThrow('b failed');
  expect(started).toEqual(['a', 'b', 'c']);
  a.finish();
  expect(await results[0]).toBe('a');
  expect(started).toEqual(['a', 'b', 'c', 'd']);
  const late = [e, f].map(({ run }) => slots(run));
  expect(started).toEqual(['a', 'b', 'c', 'd']);
  c.finish();
  d.finish();
  await Promise.all(results.slice(2));
  expect(started).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  e.finish();
  f.finish();
  expect(await Promise.all(late)).toEqual(['e', 'f']);
});
