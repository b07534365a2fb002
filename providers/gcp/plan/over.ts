import { AsRead, isUnread, untold } from '../../../src/record/index.js';
import type { Inventory } from '../inventory.js';
import { pathOf, projectOf, regionOf } from '../records/names.js';
import type { EffectiveFirewalls, EffectivePolicy, Instance } from '../records/records.js';
import { networkKey } from '../records/subjects.js';
import { firewallsOver } from './firewall.js';
import { policiesOf } from './force.js';
import { regionsByNetwork } from './machine.js';
import type { ApiRecord, Projection } from './project.js';
import { type Guarded, guardedIn, isKept, policiesAbove } from './recording.js';

/** The parameters of a question about what is in effect, as they stand beside its answer. */
function subjectOf({ network, region, face }: Guarded): ApiRecord {
  const project = projectOf(network);
  if (face) return { project, instance: face.instance, networkInterface: face.name };
  return { project, network, ...(region !== undefined && { region }) };
}

/** Whether a list is as it was recorded. */
function isSame(told: readonly unknown[], recorded: readonly object[] = []): boolean {
  return (
    told.length === recorded.length &&
    told.every((one, index) => one instanceof AsRead && one.record === recorded[index])
  );
}

/** Fields of an answer without which nobody knows what it is about. */
function isSpoilt({ broken }: EffectiveFirewalls): boolean {
  return broken?.split(', ').some((field) => !/^firewall(?:s|Policys)(?:\.|$)/.test(field)) ?? false;
}

/** A recorded answer about what is in effect, as it will be; undefined where it stays as it is. */
function answerOver(
  projection: Projection,
  guarded: Guarded,
  recorded: EffectiveFirewalls,
  shown: readonly EffectivePolicy[] | undefined = recorded.firewallPolicys,
): ApiRecord | undefined {
  if (isSpoilt(recorded)) return undefined;
  const read = (field: 'firewalls' | 'firewallPolicys') => !isUnread(recorded, field);
  const firewalls = recorded.firewalls && firewallsOver(projection, guarded.network, recorded.firewalls);
  const policies = policiesOf(projection, guarded, shown ?? []);
  if ((!firewalls || isSame(firewalls, recorded.firewalls)) && isSame(policies, recorded.firewallPolicys))
    return undefined;
  return {
    ...subjectOf(guarded),
    ...(read('firewalls') ? firewalls && { firewalls } : { firewalls: untold }),
    firewallPolicys: read('firewallPolicys') ? policies : untold,
  };
}

function sameTexts(told: unknown, recorded: readonly unknown[] = []): boolean {
  if (!Array.isArray(told ?? [])) return false;
  const own = new Set((told ?? []) as readonly unknown[]);
  return own.size === new Set(recorded).size && recorded.every((one) => own.has(one));
}

/** Whether rules know a machine by what they knew it when it was recorded. */
function isKnownAlike(told: ApiRecord, recorded: Instance): boolean {
  if (recorded.broken !== undefined) return false;
  const emails = (list: unknown) => (Array.isArray(list) ? list.map(({ email }: ApiRecord) => email) : list);
  const networks = (list: unknown) =>
    Array.isArray(list) ? list.map(({ network }: ApiRecord, index) => `${index} ${pathOf(String(network))}`) : list;
  return (
    sameTexts((told.tags as ApiRecord).items, recorded.tags?.items) &&
    sameTexts(emails(told.serviceAccounts), emails(recorded.serviceAccounts) as readonly unknown[]) &&
    sameTexts(networks(told.networkInterfaces), networks(recorded.networkInterfaces) as readonly unknown[])
  );
}

/** Machines of the deployment of which an answer about an interface does not tell any more: it showed what was for them alone. */
function changedMachines(projection: Projection, base: Inventory): ReadonlySet<string> {
  const planned = projection.answers.get('instance') ?? [];
  const changed = planned.filter((told) => {
    const recorded = base.get('instances', String(told.selfLink));
    return recorded && !isKnownAlike(told, recorded);
  });
  return new Set(changed.map(({ selfLink }) => String(selfLink)));
}

/** Answers of regions in which machines stand and that were not asked about, where that means that there is nothing. */
function answerUnasked(projection: Projection, base: Inventory): void {
  const recorded = [...(projection.ground?.all('instances') ?? [])].map(([selfLink, one]) => ({ ...one, selfLink }));
  const machines = [...(projection.answers.get('instance') ?? []), ...recorded];
  for (const [network, regions] of regionsByNetwork(machines, regionOf)) {
    if (!projection.isRecorded(network)) continue;
    if (!projection.isAsKnown) projection.tellAll(network);
    const wide = base.get('effectiveFirewalls', networkKey(network)) ?? {};
    const shown = wide.firewallPolicys ?? policiesAbove(base, projectOf(network) ?? '');
    for (const region of regions) {
      if (base.get('effectiveFirewalls', networkKey(network, region))) continue;
      const guarded = { network, region };
      const told = { firewalls: wide.firewalls, firewallPolicys: shown ?? [] };
      const asIs = Object.entries(told).map(([field, list]) => [field, list?.map((one) => new AsRead(one))]);
      projection.documents.push(
        answerOver(projection, guarded, wide, shown) ?? { ...subjectOf(guarded), ...Object.fromEntries(asIs) },
      );
    }
  }
}

const bindings = ['TagBinding', 'LocationTagBinding'] as const;

/** Where the deployment binds secure tags, or takes a binding away, nobody knows any more which of them are in effect on whom. */
function forgetSecureTags(projection: Projection, base: Inventory): void {
  const comes = projection.all(...bindings).some((record) => !isKept(record));
  const goes = projection.view.links.former.some(({ token }) => bindings.some((name) => name === token?.name));
  if (!(comes || goes) || !projection.isAsKnown) return;
  for (const parent of base.all('effectiveTags').keys()) projection.documents.push({ parent, effectiveTags: untold });
}

/**
 * Lays the rules and policies of the deployment over what was recorded of each network. An answer about a network in one of its regions
 * is changed as that about the whole network is; of regions that were not asked about nothing is known then as before.
 */
export function layRulesOver(projection: Projection): void {
  const { base, ground } = projection;
  if (!base || !ground) return;
  forgetSecureTags(projection, base);
  const changed = changedMachines(projection, base);
  for (const [key, answer] of base.all('effectiveFirewalls')) {
    const guarded = guardedIn(base, key);
    if (guarded?.face && changed.has(guarded.face.instance)) ground.remove('effectiveFirewalls', key);
    else if (guarded) {
      const over = answerOver(projection, guarded, answer);
      if (over) projection.documents.push(over);
    }
  }
  if (base.complete || !projection.isAsKnown) answerUnasked(projection, base);
}
