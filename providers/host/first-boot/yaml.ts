import { parseDocument } from 'yaml';
import type { Known } from './told.js';

/** Longer texts are not read: no cloud takes so much user data. */
const longest = 1024 * 1024;

/**
 * A YAML text as cloud-init's reader (PyYAML, YAML 1.1) takes it: `yes` is true, and of keys that stand twice the last one counts.
 * Unknown with the reason where it cannot be read.
 */
export function readYaml(text: string): Known<unknown> {
  if (text.length > longest) return { known: false, why: 'its YAML is longer than 1 MiB' };
  try {
    const document = parseDocument(text, {
      version: '1.1',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const [error] = document.errors;
    if (error) return { known: false, why: `it is no YAML: ${error.message}` };
    return { known: true, value: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    return { known: false, why: 'its YAML cannot be read' };
  }
}
