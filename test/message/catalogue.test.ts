import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { catalogue } from '../../src/message/catalogue.js';
import { describeCause } from '../../src/message/index.js';

const PROVIDERS = join(__dirname, '../../providers');

/** Codes that make a verdict unknown: they stand in `missing` with the sentence of their gap, and need no words of a cause. */
const GAPS =
  /^(?:aws\/(ev-.*|mbx-(inspected|asymmetric)|bpa-transition|enc-contradiction|rt-(ambiguous|filtered)|inst-managed)|gcp\/(ev-(?!instance).*|fw-(undecidable|inspect|priority-65535)|rt-(middlebox|shared)|pbr-middlebox|net-(legacy|profile))|azure\/(ev-(?!instance).*|tag-routes|source-port|nsg-unreadable|network-group|always-allow|appliance|firewall-policy|mesh|guest|gateway-balancer))$/;

function codesInSources(): string[] {
  const files = readdirSync(PROVIDERS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sources = files.map((file) => readFileSync(join(PROVIDERS, file), 'utf8'));
  const codes = sources.flatMap((text) =>
    [...text.matchAll(/'((?:aws|gcp|azure)\/[a-z0-9-]+)'/g)].map(([, code]) => code ?? ''),
  );
  return [...new Set(codes)].filter((code) => !code.endsWith('-') && !GAPS.test(code)).sort();
}

describe('the words', () => {
  test.each(codesInSources())('%s has a message and a why', (code) => {
    const entry = catalogue[code];
    expect(entry?.why).toEqual(expect.stringMatching(/^[a-zA-Z0-9].*[^.]$/));
    const reason = { code, data: {} };
    const cause = describeCause(reason, { kind: 'subnet', id: 'subnet-1' }, null, { from: '203.0.113.7', port: 22 });
    expect(cause.message).toMatch(/^[^ .].*[^. ]$/);
  });

  test.each(Object.entries(catalogue))('%s: lower case, no full stop, no scolding', (_code, entry) => {
    expect(entry.why).not.toMatch(/\.$|please|illegal|error:/i);
  });

  test('a code without words is shown as it is', () => {
    const cause = describeCause({ code: 'aws/new', data: {} }, { kind: 'subnet', id: 'subnet-1' }, null, {
      from: 'internet',
      port: 22,
    });
    expect(cause.message).toBe('subnet subnet-1 stops it (aws/new)');
  });
});
