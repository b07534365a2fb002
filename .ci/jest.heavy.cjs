/** The suites that jest.config.cjs leaves out: they share servers and files, so one at a time. */
module.exports = {
  ...require('./jest.config.cjs'),
  testPathIgnorePatterns: [],
  maxWorkers: 1,
  testTimeout: 300_000,
};
