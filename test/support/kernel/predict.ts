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

/**
 * What port22 says of a question of the lab. Its listener greets as an SSH server does and is none by the name of its program: whom it
 * lets in connects. @throws where port22 refuses to answer
 */
export function predict(
  host: HostEvidence,
  { host: target, source, port }: Asked,
): Pick<TargetReport, 'symptom' | 'findings'> {
  const { report, problems } = explain(host.alone, { target, from: source, port, fixes: false });
  const [judged] = report?.targets ?? [];
  if (!judged) throw new Error(problems.map(({ what, why }) => `${what}: ${why}`).join('; '));
  const { verdict, symptom, findings } = judged;
  return { symptom: verdict === 'reachable' ? 'connects' : symptom, findings };
}
