import { escapeJson } from '../message/index.js';
import type { ProbeResult } from '../model/index.js';

export interface Tool {
  readonly name: 'port22';
  readonly version: string;
}

/** What a probe saw as JSON (`port22/probe/v1`), an observation a line. */
export function probeJson({ host, port, attempts, notTried }: ProbeResult, tool: Tool): string {
  const written = (value: unknown) => escapeJson(JSON.stringify(value));
  const head = Object.entries({ schema: 'port22/probe/v1', tool, host, port });
  const members = head.map(([key, value]) => `  ${written(key)}: ${written(value)}`);
  const lines = attempts.map((observation) => `    ${written(observation)}`);
  return `{\n${members.join(',\n')},\n  "attempts": [\n${lines.join(',\n')}\n  ],\n  "notTried": ${written(notTried)}\n}\n`;
}
