const { availableParallelism } = require('node:os');

/** These need more than Node and npm, or much time; each has a script of its own in package.json. */
const heavy = [
  'test/bench/',
  'test/e2e/aws/',
  'test/e2e/engine/',
  'test/e2e/package/',
  'test/e2e/schema/',
  'test/kernel/',
];

// The SDK prints seven lines on Node 20 for each process otherwise.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

module.exports = {
  rootDir: '..',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: heavy.map((folder) => `<rootDir>/${folder}`),
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '\\.[jt]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // cidr-tools and what it needs are ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!(cidr-tools|ip-bigint)/)'],
  // One worker means none: an open handle of one test would then keep jest alive for ever.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testTimeout: 20_000,
};
