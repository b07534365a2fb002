import { explain } from '../../../src/ask/explain.js';
import { readHost } from '../../../src/evidence/host.js';
import type { TargetReport } from '../../../src/model/index.js';
import type { HostEvidence } from '../../../src/provider.js';
import type { Asked } from './oracle.js';

/** What port22 makes of a bundle. @throws where it is none */
export function hostOf(bundle: string): HostEvidence {
  const { host, problems } = readHost(bundle);
  if (!host) throw new Error(problems.map(({ what }) => what).join('; '));
  return host;
}

/** What port22 says of a question of the lab. @throws where it refuses to answer */
export function predict(host: HostEvidence, { host: target, source, port }: Asked): TargetReport {
  const { report, problems } = explain(host.alone, { target, from: source, port, fixes: false });
  const [judged] = report?.targets ?? [];
  if (!judged) throw new Error(problems.map(({ what, why }) => `${what}: ${why}`).join('; '));
  return judged;
}
