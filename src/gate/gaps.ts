import type { GateGap } from '../model/index.js';
import type { Choice } from '../plan/choice.js';
import type { Links, Place } from '../plan/links.js';
import type { PlanRecord } from '../plan/plan-record.js';
import type { Slice } from '../plan/slice.js';
import type { CloudPlan, Judgement, Way } from './deployment.js';
import { quoted } from './words.js';

const codes = {
  ambiguous: 'ev-ambiguous',
  orphan: 'ev-orphan',
  conflict: 'ev-conflict',
  observed: 'ev-observed',
} as const;

/** What a way comes to, as far as it tells ways apart. */
type Outcome = (way: Way) => string;

/** Whether what a choice takes makes a difference, with everything else the same. */
function matters({ choice }: Slice['choices'][number], ways: readonly Way[], outcome: Outcome): boolean {
  const seen = new Map<string, string>();
  return ways.some((way) => {
    const rest = JSON.stringify([...way.selection].filter(([key]) => key !== choice.key));
    const came = outcome(way);
    const known = seen.get(rest);
    if (known === undefined) seen.set(rest, came);
    return known !== undefined && known !== came;
  });
}

/** The names of what a choice may mean. */
function namesIn(links: Links, choice: Choice): string {
  const ids = [...new Set(choice.options.flat(2))];
  const names = ids.map((id) => links.describers(id)[0]?.name ?? links.recordOf(id)?.name ?? id);
  const shown = names.slice(0, 4).map(quoted).join(' or ');
  return names.length > 4 ? `${shown} or one of ${names.length - 4} more` : shown;
}

function choiceGap(links: Links, choice: Choice): GateGap {
  const record = links.recordOf(choice.urn);
  const what = `${choice.places.join(', ') || 'what counts'} of ${quoted(record?.name ?? choice.urn)}`;
  const text =
    choice.doubt === 'orphan'
      ? `${what} (not known until deployed: it may be a part of any)`
      : choice.doubt === 'observed'
        ? `${what} (was there at the last look, and the program does not say whether it stays)`
        : `${what} (${namesIn(links, choice)}: nothing tells which)`;
  return { code: codes[choice.doubt], urn: choice.urn, text };
}

const reasons = {
  'until deployed': ['ev-unresolved', 'not known until deployed'],
  secret: ['ev-secret', 'a secret that the recording hides'],
  unreadable: ['ev-unreadable', 'cannot be read'],
  'left alone': ['ev-observed', 'was there at the last look, and the program does not say whether it stays'],
  'default network': ['ev-default-network', "left out, so it is the account's own, which no program shows"],
  'unseen control': ['ev-unseen-control', 'nobody says whether the account has one'],
} as const;

function linkGap({ links, base, provider }: CloudPlan, record: PlanRecord, { path, link }: Place): GateGap | undefined {
  const what = `${path} of ${quoted(record.name)}`;
  if (link.is === 'open') {
    const [code, words] = reasons[link.why];
    return { code, urn: record.urn, text: `${what} (${words})` };
  }
  const isHere = (id: string) => links.describers(id).length > 0 || (base !== undefined && provider.holds(base, id));
  const strange = link.is === 'exact' ? link.held.find((id) => !isHere(id)) : undefined;
  if (strange === undefined || strange === 'local') return undefined;
  return { code: 'ev-external', urn: record.urn, text: `${what} (${strange} is not in this deployment)` };
}

/** What would settle an unknown verdict, the choices that matter first. */
export function gapsOf(cloud: CloudPlan, judgement: Judgement, outcome: Outcome): GateGap[] {
  const { links } = cloud;
  const { slice, ways, isOver, record } = judgement;
  if (isOver) {
    const count = slice.choices.length;
    const text = `too many ways to fill ${count} open ${count === 1 ? 'place' : 'places'}: ${slice.choices
      .slice(0, 3)
      .map(({ choice }) => choiceGap(links, choice).text)
      .join('; ')}`;
    return [{ code: 'ev-fork-limit', urn: record.urn, text }];
  }
  const chosen = slice.choices
    .filter((choice) => matters(choice, ways, outcome))
    .map(({ choice }) => choiceGap(links, choice));
  if (!ways.some((way) => outcome(way) === 'unsure')) return chosen;
  const inSlice = new Set(slice.records.map(({ urn }) => urn));
  const values = (ways[0]?.answers[0]?.planned.unsettled ?? [])
    .filter(({ urn }) => urn === '' || inSlice.has(urn))
    .map(({ urn, path, why }): GateGap => {
      const [code, words] = reasons[why];
      if (urn === '') return { code, text: `${path} (${words})` };
      return { code, urn, text: `${path} of ${quoted(links.recordOf(urn)?.name ?? urn)} (${words})` };
    });
  const references = slice.records.flatMap((one) => links.of(one).flatMap((place) => linkGap(cloud, one, place) ?? []));
  return [...new Map([...chosen, ...references, ...values].map((gap) => [gap.text, gap])).values()];
}
