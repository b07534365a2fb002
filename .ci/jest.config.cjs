/** Every test that needs no other software. The heavy folders have scripts of their own in package.json. */
const heavy = ['test/bench/', 'test/e2e/aws/', 'test/e2e/package/'];

module.exports = {
  rootDir: '..',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: heavy.map((folder) => `<rootDir>/${folder}`),
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '\\.[jt]s$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  // cidr-tools and what it needs are ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!(cidr-tools|ip-bigint)/)'],
  testTimeout: 20_000,
};
