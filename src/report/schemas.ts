import { causeCodes, stages, symptoms } from '../model/index.js';

type Json = Readonly<Record<string, unknown>>;

const text: Json = { type: 'string' };
const textOrNull: Json = { type: ['string', 'null'] };
const prefixes: Json = { type: 'array', items: text, description: 'an exact, minimal CIDR cover' };
const verdict: Json = { enum: ['reachable', 'partial', 'unreachable', 'unknown'] };
const symptom: Json = { enum: symptoms };
const port: Json = { type: 'integer', minimum: 1, maximum: 65535 };

function object(properties: Json, optional: readonly string[] = []): Json {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', required, properties };
}

function list(items: Json): Json {
  return { type: 'array', items };
}

const component = object({ kind: text, id: text, name: text }, ['name']);
const cause = object(
  {
    code: text,
    component,
    rule: textOrNull,
    certain: { type: 'boolean' },
    message: text,
    why: text,
    closest: text,
    hints: list(object({ code: text, message: text })),
  },
  ['closest', 'hints'],
);
const target = object({
  provider: text,
  kind: text,
  id: text,
  name: textOrNull,
  urn: textOrNull,
  account: textOrNull,
  region: textOrNull,
});

const missing = object({ code: text, what: text, couldChange: { type: 'boolean' }, message: text });

const finding = object(
  {
    from: prefixes,
    address: textOrNull,
    family: { enum: [4, 6] },
    interface: textOrNull,
    path: text,
    port,
    verdict,
    symptom,
    clientPortFraction: { type: 'number', minimum: 0, maximum: 1 },
    causes: list(cause),
    missing: list(missing),
    steps: list(
      object({
        layer: text,
        direction: { enum: ['inbound', 'returning'] },
        component,
        effect: { enum: ['passes', 'stops', 'depends', 'partly'] },
        rule: textOrNull,
        text,
      }),
    ),
    fixes: list(
      object(
        {
          for: text,
          command: text,
          pulumi: text,
          checked: { type: 'boolean' },
          gains: prefixes,
          loses: prefixes,
          note: text,
        },
        ['note'],
      ),
    ),
  },
  ['port', 'clientPortFraction'],
);

const gap = object({
  code: { enum: ['not-permitted', 'not-collected', 'not-modelled', 'not-known-before-deployment'] },
  subject: text,
  detail: text,
});

const targetReport = object(
  {
    target,
    verdict,
    bestGuess: { enum: ['reachable', 'unreachable'] },
    symptom,
    reachableFrom: prefixes,
    partialFrom: { ...prefixes, description: 'gets through for some client ports only, or by luck' },
    unknownFrom: prefixes,
    flags: list(text),
    findings: list(finding),
    host: object(
      {
        verdict: { enum: ['ok', 'risk', 'broken', 'unknown'] },
        symptom,
        causes: list(cause),
        otherPorts: list(object({ port, verdict, symptom })),
      },
      ['otherPorts'],
    ),
    alternatives: list(
      object({ kind: text, works: { enum: ['yes', 'no', 'unknown'] }, command: text, symptom, causes: list(cause) }),
    ),
  },
  ['bestGuess'],
);

const time: Json = { type: 'number', minimum: 0, description: 'milliseconds' };

const observation = object(
  {
    symptoms: { ...list(symptom), minItems: 1 },
    stage: { enum: stages },
    tool: text,
    os: { enum: ['linux', 'macos', 'windows'] },
    host: text,
    address: text,
    family: { enum: [4, 6] },
    port,
    elapsed: time,
    timer: time,
    showsGreeting: { type: 'boolean' },
    greeting: text,
    line: text,
    through: { enum: ['jump-host', 'proxy-command'] },
    repeats: list(time),
    answer: object({ kind: { enum: ['rst', 'icmp'] }, from: text }, ['from']),
  },
  ['os', 'host', 'address', 'family', 'port', 'elapsed', 'timer', 'greeting', 'through', 'repeats', 'answer'],
);

const attempt = object({
  observation,
  expected: {
    oneOf: [{ type: 'null' }, object({ verdict, symptom, causes: list(cause), missing: list(missing) })],
  },
  causes: list(
    object({
      code: { enum: causeCodes },
      place: { enum: ['client', 'path', 'firewall', 'listener', 'daemon', 'login'] },
      standing: { enum: ['proved', 'likely', 'possible'] },
      message: text,
      why: text,
      evidence: list(object({ at: text, line: text })),
      check: object({ on: { enum: ['client', 'server', 'cloud'] }, command: text, shows: text }),
      fix: {
        oneOf: [{ type: 'null' }, object({ commands: list(text), note: text }, ['note'])],
        description: 'what removes it, should it hold; no commands where there is nothing to change',
      },
    }),
  ),
  excluded: list(
    object({ code: { enum: causeCodes }, message: text, by: { enum: ['look', 'evidence'] }, because: text }),
  ),
  contradictions: list(
    object({ kind: { enum: ['answered', 'open', 'proved', 'address'] }, message: text, means: list(text) }),
  ),
});

const report: Json = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'port22 report',
  ...object(
    {
      schema: { const: 'port22/report/v1' },
      tool: object({ name: { const: 'port22' }, version: text }),
      question: object({ command: { enum: ['explain', 'audit'] }, target: text, from: list(text), port, via: text }, [
        'target',
        'via',
      ]),
      targets: list(targetReport),
      violations: list(
        object(
          {
            policy: text,
            severity: { enum: ['critical', 'high', 'medium', 'low'] },
            target,
            blame: { anyOf: [component, { type: 'null' }] },
            rule: textOrNull,
            from: prefixes,
            message: text,
          },
          ['rule'],
        ),
      ),
      gaps: list(gap),
      diagnosis: list(attempt),
    },
    ['diagnosis'],
  ),
};

const diff: Json = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'port22 diff: who gains and who loses access',
  ...object({
    schema: { const: 'port22/diff/v1' },
    tool: object({ name: { const: 'port22' }, version: text }),
    question: object({ command: { const: 'diff' }, port }),
    targets: list(
      object({
        target,
        exists: { enum: ['before', 'after', 'both'] },
        gains: prefixes,
        loses: prefixes,
        unknown: prefixes,
        missing: list(missing),
        flags: list(text),
        through: { anyOf: [object({ component, rule: textOrNull }), { type: 'null' }] },
        losses: list(
          object({
            from: prefixes,
            symptom,
            causes: list(cause),
            openConnections: { enum: ['go-on', 'end', 'unknown'] },
          }),
        ),
      }),
    ),
    unchanged: { type: 'integer', minimum: 0 },
    gaps: object({ before: list(gap), after: list(gap) }),
  }),
};

const snapshot: Json = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'port22 recording: one answer of a cloud, as its own command line prints it, with an envelope',
  type: 'object',
  required: ['port22'],
  properties: {
    port22: object(
      {
        schema: { const: 'port22/recording/v1' },
        provider: { enum: ['aws', 'gcp', 'azure'] },
        account: text,
        region: text,
        operation: { ...text, description: 'the permission that the call needs' },
        error: object({ code: text, message: text }),
      },
      ['error'],
    ),
  },
};

const sources: Json = { ...list(text), description: 'prefixes, addresses, or "internet"' };

const policy: Json = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'port22 policy: who must and who must not get in',
  ...object({
    schema: { const: 'port22/policy/v1' },
    rules: list({
      ...object(
        {
          policy: { ...text, minLength: 1, description: 'the name by which violations are told' },
          severity: { enum: ['critical', 'high', 'medium', 'low'], default: 'high' },
          targets: { ...list(text), description: 'ids or names, with * for any text; all when left out' },
          forbid: sources,
          require: sources,
          except: sources,
        },
        ['severity', 'targets', 'forbid', 'require', 'except'],
      ),
      additionalProperties: false,
      oneOf: [{ required: ['forbid'] }, { required: ['require'] }],
    }),
  }),
};

const probe: Json = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'port22 probe: what each address of a host answered',
  ...object({
    schema: { const: 'port22/probe/v1' },
    tool: object({ name: { const: 'port22' }, version: text }),
    host: text,
    port,
    attempts: list(
      object(
        {
          tool: { const: 'probe' },
          os: { enum: ['linux', 'macos', 'windows'] },
          host: text,
          port,
          showsGreeting: { const: true },
          symptoms: { ...list(symptom), minItems: 1 },
          stage: { enum: stages },
          address: text,
          family: { enum: [4, 6] },
          elapsed: time,
          timer: time,
          greeting: text,
          line: { ...text, description: 'what was seen, in words' },
          repeats: { ...list(time), description: 'each of several attempts in a row that ended alike' },
          answer: object({ kind: { enum: ['rst', 'icmp'] }, from: text }, ['from']),
        },
        ['os', 'address', 'family', 'timer', 'greeting', 'repeats', 'answer'],
      ),
    ),
    notTried: list(object({ address: text, reason: { enum: ['connection-budget', 'too-many-addresses'] } })),
  }),
};

const diagnosis: Json = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'port22 diagnose: from the error on the screen back to its causes',
  ...object({
    schema: { const: 'port22/diagnosis/v1' },
    tool: object({ name: { const: 'port22' }, version: text }),
    question: object({ command: { const: 'diagnose' }, target: textOrNull, from: list(text), port }),
    attempts: list(attempt),
    gaps: list(gap),
  }),
};

/** The JSON schemas that `port22 schema` prints. */
export const schemas: Readonly<Record<'report' | 'policy' | 'diff' | 'probe' | 'diagnosis' | 'snapshot', Json>> = {
  report,
  policy,
  diff,
  probe,
  diagnosis,
  snapshot,
};
