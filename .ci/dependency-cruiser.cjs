// Who may import whom: the table of the architecture as rules. Whatever a rule does not name, npm packages and node: modules included, is
// forbidden; test/architecture.test.ts shows that the sources obey and that the rules bite.

const path = require('node:path');

const SET = '^src/set/';
const MODEL = '^src/model/';
const ENGINE = '^src/engine/';
const DIAGNOSE = '^src/diagnose/';
const PLAN = '^src/plan/';
const MESSAGE = '^src/message/';
const RECORD = '^src/record/';
const PROVIDER = '^src/provider\\.ts$';
const MEMO = '^src/memo\\.ts$';
/** What user data makes of a machine: the clouds hand theirs over. */
const FIRST_BOOT = '^providers/host/first-boot/(first-boot-view|user-data)\\.ts$';
const VERSION = '^src/version\\.ts$';
const READERS = '^node_modules/(jsonc-parser|yaml|fflate)/';

/** The only files of a provider that talk to the world: fetch.ts, probe.ts, and their parts (fetch-client.ts). */
const IO = '^providers/[^/]+/(fetch|probe)(\\.ts|-[a-z0-9-]+\\.ts)$';
const SDK =
  '(^|node_modules/)(@aws-sdk|@smithy|@azure|@google-cloud|google-auth-library|google-gax|@pulumi/(?!pulumi|policy))';

/** Each row sees itself and what stands under `sees`. */
const table = [
  { row: 'src/set', path: SET, sees: [] },
  { row: 'src/model', path: MODEL, sees: [SET] },
  { row: 'src/memo.ts', path: MEMO, sees: [] },
  { row: 'src/record', path: RECORD, sees: [SET, MODEL, MEMO] },
  { row: 'src/provider.ts', path: PROVIDER, sees: [SET, MODEL] },
  { row: 'src/engine', path: ENGINE, sees: [SET, MODEL] },
  { row: 'src/plan', path: PLAN, sees: [SET, MODEL, MEMO, RECORD, PROVIDER] },
  { row: 'src/diagnose', path: DIAGNOSE, sees: [SET, MODEL] },
  { row: 'src/message', path: MESSAGE, sees: [SET, MODEL] },
  { row: 'src/report', path: '^src/report/', sees: [SET, MODEL, MESSAGE] },
  { row: 'src/ask', path: '^src/ask/', sees: [SET, MODEL, ENGINE, DIAGNOSE, MESSAGE, PROVIDER, MEMO, VERSION] },
  {
    row: 'src/gate',
    path: '^src/gate/',
    sees: [SET, MODEL, PLAN, ENGINE, MESSAGE, PROVIDER, '^src/ask/'],
  },
  { row: 'src/version.ts', path: VERSION, sees: [] },
  {
    row: 'src/evidence',
    path: '^src/evidence/',
    sees: [SET, MODEL, PLAN, PROVIDER, '^src/gate/', '^providers/'],
  },
  {
    row: 'policies',
    path: '^policies/',
    pathNot: '^policies/pack\\.ts$',
    sees: [SET, MODEL, ENGINE, MESSAGE, '^node_modules/@pulumi/policy/'],
  },
  {
    row: 'providers',
    path: '^providers/([^/]+)/',
    pathNot: IO,
    itself: '^providers/$1/',
    sees: [SET, MODEL, MEMO, RECORD, PLAN, PROVIDER, READERS, FIRST_BOOT],
  },
];

module.exports = {
  forbidden: [
    ...table.map(({ row, path, pathNot, itself = path, sees }) => ({
      name: `${row} imports what its row allows`,
      severity: 'error',
      from: { path, ...(pathNot && { pathNot }) },
      to: { pathNot: [itself, ...sees] },
    })),
    {
      name: 'fetch and probe see their own provider and the neutral model',
      severity: 'error',
      from: { path: '^providers/([^/]+)/(fetch|probe)(\\.ts|-[a-z0-9-]+\\.ts)$' },
      to: { path: '^(src|providers|policies)/', pathNot: ['^providers/$1/', SET, MODEL, MEMO, RECORD, PLAN, PROVIDER] },
    },
    {
      name: 'only fetch and probe import an SDK',
      severity: 'error',
      from: { pathNot: IO },
      to: { path: SDK },
    },
    {
      name: 'fetch and probe are loaded when they are used',
      severity: 'error',
      // src/cli may load a part of itself late; the test walks from its entry.
      from: { pathNot: [IO, '^src/cli/'] },
      to: { path: IO, dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'a file directly in src has a row',
      severity: 'error',
      from: { path: '^src/[^/]+$', pathNot: '^src/(index|memo|provider|version)\\.ts$' },
      to: {},
    },
    { name: 'no cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'every import exists', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^policies/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: path.join(__dirname, '../tsconfig.json') },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
