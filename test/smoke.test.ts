import { expect, test } from '@jest/globals';

test('jest runs TypeScript', () => {
  const port: number = 22;
  expect(port).toBe(22);
});
