import { untold } from '../../../src/record/index.js';
import { nameOf, projectOf, regionOf } from '../records/names.js';
import { classicRulesOf, initialRules, projectFirewallList } from './firewall.js';
import { policiesOf } from './force.js';
import { regionsByNetwork } from './machine.js';
import { answerAutoSubnets, answerDefaultRoutes, tellsAll } from './network.js';
import { layRulesOver } from './over.js';
import type { ApiRecord, Projection } from './project.js';
import { policiesAbove } from './recording.js';

/** Whether a network is the one that a project is made with. */
function isDefault(network: string): boolean {
  return network.endsWith('/global/networks/default');
}

/** What is taken of a network that no resource declares: nothing, that it is there, or that it is as Google makes it. */
function takenAs(projection: Projection, network: string): 'unknown' | 'there' | 'as made' {
  const { defaultNetwork } = projection.assumptions;
  if (isDefault(network)) {
    if (defaultNetwork === 'public') return 'as made';
    if (defaultNetwork === 'likely' && !projection.isAsKnown) return 'as made';
  }
  return projection.isAsKnown ? 'unknown' : 'there';
}

/**
 * Tells what is in effect in front of the machines of a network of which the plan tells all: one answer for each region in which some
 * stand. What stands above the project a recording of another of its networks tells.
 */
function answerFirewalls(
  projection: Projection,
  network: string,
  regions: ReadonlySet<string>,
  more: readonly ApiRecord[],
) {
  const project = projectOf(network);
  const above = policiesAbove(projection.base, project ?? '');
  const isUnseen = !above && projection.assumptions.unseenControls === 'unknown' && projection.isAsKnown;
  const firewalls = [...classicRulesOf(projection, network), ...more];
  projection.tellAll(network);
  for (const region of regions)
    projection.documents.push({
      project,
      network,
      region,
      firewalls,
      firewallPolicys: isUnseen ? untold : policiesOf(projection, { network, region }, above),
    });
  if (!isUnseen && !above)
    projection.assumed.add('no firewall policy of a folder or an organisation that is not declared');
}

/** A network that machines stand in and that no resource declares. Of what nobody shows of it only the routes are taken for granted. */
function answerUnseen(projection: Projection, network: string, regions: ReadonlySet<string>): void {
  const taken = takenAs(projection, network);
  const isRead = projection.describer(network, 'Network') !== undefined;
  if (!isRead) answerDefaultRoutes(projection, network, true);
  if (taken === 'unknown') return;
  if (!isRead) projection.answer('network', { name: nameOf(network), selfLink: network });
  if (taken === 'as made') answerAutoSubnets(projection, network);
  answerFirewalls(projection, network, regions, taken === 'as made' ? initialRules(network) : []);
  if (taken === 'as made' && projection.isAsKnown)
    projection.assumed.add(`the default network of ${projectOf(network)} is as Google makes it`);
}

/**
 * Adds what is in effect in front of every network with machines, also of those that no resource declares (pulumi.md, 4.5 and 6.4). Of
 * those that were recorded the recording tells.
 */
export function projectFirewalls(projection: Projection): void {
  const regions = regionsByNetwork(projection.answers.get('instance') ?? [], regionOf);
  // What is only read has rules that others make.
  const made = projection.all('Network').filter(({ status }) => status !== 'external');
  const declared = new Set(made.map((record) => projection.selfLink(record)));
  for (const [network, own] of regions) {
    if (projection.isRecorded(network)) continue;
    if (!declared.has(network)) answerUnseen(projection, network, own);
    else if (tellsAll(projection, network)) answerFirewalls(projection, network, own, []);
  }
  projectFirewallList(projection);
  layRulesOver(projection);
}
