/** The suites that jest.config.cjs leaves out: they share servers and files, so one at a time. */
module.exports = {
  ...require('./jest.config.cjs'),
  testPathIgnorePatterns: [],
  maxWorkers: 1,
  // Of what a file runs at once: labs of namespaces, each with several processes.
  maxConcurrency: 2,
  testTimeout: 300_000,
};
