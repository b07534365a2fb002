import { gcpPlan } from '../../../providers/gcp/plan/index.js';
import { Auditor } from '../../../src/ask/audit.js';
import { Intakes, takeDocument } from '../../../src/evidence/index.js';
import { Gate, Sources } from '../../../src/gate/index.js';
import type { GateFinding } from '../../../src/model/index.js';
import { readPreview } from '../../../src/plan/preview.js';
import type { Cloud } from '../../../src/provider.js';
import { AddressSet, parsePrefix } from '../../../src/set/index.js';
import type { Form } from '../gcp/documents.js';
import type { Fixture } from '../gcp/fixture.js';
import { anyone, type GcpProgram, verdictOf } from './gcp-plan.js';

/** A deployment laid over what was recorded of the account, or the one without the other. */
export function cloudOf(
  program: GcpProgram | undefined,
  recorded: Fixture | undefined,
  { form = 'rest', complete = false }: { readonly form?: Form; readonly complete?: boolean } = {},
): Cloud {
  const intakes = new Intakes();
  const documents = recorded?.documents(form) ?? [];
  if (program) documents.push({ path: 'preview.json', value: program.preview() });
  for (const document of documents) if (!takeDocument(intakes, document)) throw new Error(`what is ${document.path}?`);
  const { cloud, problems } = intakes.finish({ complete });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return cloud;
}

/** The verdict of every machine by its name, for everybody on the internet unless said. */
export function verdictsOf(cloud: Cloud, from: AddressSet = anyone): Readonly<Record<string, string>> {
  const auditor = new Auditor(cloud, 22);
  const told = [...cloud.targets()].map((target) => {
    const { judged } = auditor.audit(target);
    const open = judged.reachable.set.union(judged.partial.set);
    return [target.ref.name ?? target.ref.id, verdictOf(open, judged.unknown.set, from)] as const;
  });
  return Object.fromEntries(told);
}

/** What the gate says of a deployment that is laid over what was recorded. */
export function gatedOver(program: GcpProgram, recorded: Fixture): readonly GateFinding[] {
  const intakes = new Intakes();
  for (const document of recorded.documents('rest')) takeDocument(intakes, document);
  const plan = readPreview(program.preview());
  if (!plan) throw new Error('no preview');
  const assumptions = { unseenControls: 'assume-none', defaultNetwork: 'likely' } as const;
  const question = { port: 22, isStrict: false, maxForks: 64, assumptions };
  const prefixes = ['0.0.0.0/0'].map(parsePrefix).filter((prefix) => prefix !== undefined);
  const gate = new Gate(plan, [gcpPlan], question, intakes.evidence());
  return gate.forbidden(new Sources(prefixes, AddressSet.empty)).findings;
}
