import type { RecordedDocument } from '../../../src/evidence/index.js';
import { collectAnswer } from '../collected-answers.js';

type Fields = { [field: string]: unknown };
type Options = ReadonlyMap<string, string>;
type Documents = RecordedDocument[];
type Edit = (documents: Documents, name: string, options: Options) => void;

/** What the printed commands do to the records, and what the service would refuse. */
const edits: Readonly<Record<string, Edit>> = {
  'compute instances start': (documents, name, options) =>
    wake(instance(documents, name, options), ['STOPPED', 'TERMINATED']),
  'compute instances resume': (documents, name, options) => wake(instance(documents, name, options), ['SUSPENDED']),
  'compute instances add-tags': addTags,
  'compute firewall-rules create': createRule,
  'compute firewall-rules update': updateRule,
  'compute firewall-policies rules create': createPolicyRule,
  'compute network-firewall-policies rules create': createPolicyRule,
  'compute routes create': createRoute,
};

/** The documents as they would be recorded after the command. */
export function applyCommand(documents: readonly RecordedDocument[], command: string): RecordedDocument[] {
  const changed = structuredClone([...documents]);
  const { verb, name, options } = read(command);
  const edit = edits[verb];
  if (!edit) throw new Error(`no test knows what '${verb}' does`);
  edit(changed, name, options);
  collect(changed);
  return changed;
}

/** The calls that list what the commands write. */
const LISTS: Readonly<Record<string, string>> = {
  'compute#instance': 'compute.instances.aggregatedList',
  'compute#firewall': 'compute.firewalls.list',
  'compute#route': 'compute.routes.list',
};

function collect(documents: Documents): void {
  for (const [kind, operation] of Object.entries(LISTS))
    collectAnswer({ cloud: 'gcp', operation, form: 'gcloud', body: all(documents, kind) });
  for (const { region, firewalls, firewallPolicys } of documents.map(({ value }) => value).filter(isEffective)) {
    const collection = region === undefined ? 'networks' : 'regionNetworkFirewallPolicies';
    const operation = `compute.${collection}.getEffectiveFirewalls`;
    collectAnswer({ cloud: 'gcp', operation, form: 'rest', body: { firewalls, firewallPolicys } });
  }
}

/** The words that a POSIX shell hands to the program; throws where it would do anything else with the text. */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let rest = command; rest !== ''; ) {
    const [all = '', single, escaped, plain] = /^(?:'([^']*)'|\\([^\n])|([\w./:=,@%+-]+)| +)/.exec(rest) ?? [];
    if (all === '') throw new Error(`a shell acts on ${rest}`);
    const piece = single ?? escaped ?? plain;
    if (piece !== undefined) word = (word ?? '') + piece;
    else if (word !== undefined) words.push(word);
    if (piece === undefined) word = undefined;
    rest = rest.slice(all.length);
  }
  return word === undefined ? words : [...words, word];
}

function read(command: string): { readonly verb: string; readonly name: string; readonly options: Options } {
  const [program, ...words] = shellWords(command);
  if (program !== 'gcloud') throw new Error(`not a command of the gcloud CLI: ${command}`);
  const options = new Map<string, string>();
  const plain = words.filter((word) => {
    const [, option, value = ''] = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (option !== undefined) options.set(option, value);
    return option === undefined;
  });
  const name = plain.pop();
  if (name === undefined || name.startsWith('-')) throw new Error(`no name: ${command}`);
  return { verb: plain.join(' '), name, options };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsIn(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** All objects of a kind, wherever they stand in a list; those of effective answers stand apart. */
function all(documents: Documents, kind: string): Fields[] {
  const found: Fields[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isFields(value)) {
      if (value.kind === kind) found.push(value);
      else Object.values(value).forEach(visit);
    }
  };
  for (const { value } of documents) if (!isEffective(value)) visit(value);
  return found;
}

function isEffective(value: unknown): value is Fields {
  return isFields(value) && Array.isArray(value.firewallPolicys);
}

function option(options: Options, name: string): string {
  const value = options.get(name);
  if (value === undefined || value === '') throw new Error(`--${name} is missing`);
  return value;
}

function listOf(options: Options, name: string): string[] | undefined {
  return options.get(name)?.split(',');
}

const inProject = (path: string, options: Options) =>
  `https://www.googleapis.com/compute/v1/projects/${option(options, 'project')}/${path}`;

function one(documents: Documents, kind: string, url: string): Fields {
  const found = all(documents, kind).find(({ selfLink }) => selfLink === url);
  if (!found) throw new Error(`not found: ${url}`);
  return found;
}

function instance(documents: Documents, name: string, options: Options): Fields {
  return one(documents, 'compute#instance', inProject(`zones/${option(options, 'zone')}/instances/${name}`, options));
}

function network(documents: Documents, options: Options): Fields {
  const url = inProject(`global/networks/${option(options, 'network')}`, options);
  return one(documents, 'compute#network', url);
}

function wake(found: Fields, from: readonly unknown[]): void {
  if (!from.includes(found.status)) throw new Error(`${found.name} is ${found.status}, not ${from}`);
  found.status = 'RUNNING';
}

function addTags(documents: Documents, name: string, options: Options): void {
  const found = instance(documents, name, options);
  const tags = isFields(found.tags) ? found.tags : {};
  const before = Array.isArray(tags.items) ? tags.items : [];
  found.tags = { ...tags, items: [...new Set([...before, ...(listOf(options, 'tags') ?? [])])] };
}

/** What the service takes as the name of a new resource. */
function checkNew(documents: Documents, kind: string, name: string, url: string): void {
  if (!/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) throw new Error(`'${name}' is no name for a resource`);
  if (all(documents, kind).some(({ selfLink }) => selfLink === url)) throw new Error(`${url} already exists`);
}

function checkRanges(ranges: readonly string[]): void {
  const isMixed = new Set(ranges.map((range) => range.includes(':'))).size > 1;
  if (ranges.length === 0 || isMixed || ranges.some((range) => !range.includes('/')))
    throw new Error(`no source ranges: ${ranges.join(',')}`);
}

/** Puts a record where its list is, or makes one as the CLI prints it. */
function add(documents: Documents, kind: string, record: Fields): void {
  for (const { value } of documents) {
    if (Array.isArray(value) && value.some((item) => isFields(item) && item.kind === kind)) {
      value.push(record);
      return;
    }
    if (isFields(value) && value.kind === `${kind}List` && String(record.selfLink).includes(`${value.id}/`)) {
      value.items = [...fieldsIn(value.items), record];
      return;
    }
  }
  documents.push({ path: `${String(record.name)}.json`, value: [record] });
}

/** The effective answers about a network. */
function answersAbout(documents: Documents, { selfLink }: Fields): Fields[] {
  const values = documents.map(({ value }) => value).filter(isEffective);
  return values.filter(({ project, network: name }) =>
    String(selfLink).endsWith(`/projects/${project}/global/networks/${name}`),
  );
}

function createRule(documents: Documents, name: string, options: Options): void {
  const of = network(documents, options);
  const url = inProject(`global/firewalls/${name}`, options);
  checkNew(documents, 'compute#firewall', name, url);
  const ranges = listOf(options, 'source-ranges') ?? [];
  checkRanges(ranges);
  const priority = Number(options.get('priority') ?? 1000);
  if (!(priority >= 0 && priority <= 65535)) throw new Error(`priority ${priority}`);
  const allowed = option(options, 'allow')
    .split(',')
    .map((text) => {
      const [IPProtocol, port] = text.split(':');
      return { IPProtocol, ...(port !== undefined && { ports: [port] }) };
    });
  const targetTags = listOf(options, 'target-tags');
  const record = {
    kind: 'compute#firewall',
    name,
    selfLink: url,
    network: of.selfLink,
    priority,
    direction: option(options, 'direction'),
    disabled: false,
    allowed,
    sourceRanges: ranges,
    ...(targetTags && { targetTags }),
  };
  add(documents, 'compute#firewall', record);
  for (const answer of answersAbout(documents, of)) answer.firewalls = [...fieldsIn(answer.firewalls), record];
}

function updateRule(documents: Documents, name: string, options: Options): void {
  const url = inProject(`global/firewalls/${name}`, options);
  const rule = one(documents, 'compute#firewall', url);
  if (!options.has('no-disabled')) throw new Error('nothing to update');
  const copies = documents.flatMap(({ value }) => (isEffective(value) ? fieldsIn(value.firewalls) : []));
  for (const copy of [rule, ...copies.filter(({ selfLink }) => selfLink === url)]) copy.disabled = false;
}

/** A new rule of the policy; two rules of one policy cannot have one priority. */
function createPolicyRule(documents: Documents, text: string, options: Options): void {
  const priority = Number(text);
  if (!(priority >= 0 && priority <= 2147483547)) throw new Error(`priority ${text}`);
  const type = options.has('global-firewall-policy')
    ? 'NETWORK'
    : options.has('firewall-policy-region')
      ? 'NETWORK_REGIONAL'
      : 'HIERARCHY';
  const wanted = option(options, 'firewall-policy');
  // The short name of a policy is one of its organisation only; its number is one of all.
  if (type === 'HIERARCHY' && !/^\d+$/.test(wanted)) option(options, 'organization');
  const ranges = listOf(options, 'src-ip-ranges') ?? [];
  if (ranges.length === 0) throw new Error('no source');
  const layer4Configs = option(options, 'layer4-configs')
    .split(',')
    .map((config) => {
      const [ipProtocol, port] = config.split(':');
      return { ipProtocol, ...(port !== undefined && { ports: [port] }) };
    });
  const added = {
    priority,
    action: option(options, 'action'),
    direction: option(options, 'direction'),
    disabled: false,
    match: { srcIpRanges: ranges, layer4Configs },
  };
  const region = options.get('firewall-policy-region');
  const policies = documents
    .map(({ value }) => value)
    .filter(isEffective)
    .filter((answer) => region === undefined || answer.region === region)
    .filter((answer) => type === 'HIERARCHY' || answer.project === option(options, 'project'))
    .flatMap(({ firewallPolicys }) => fieldsIn(firewallPolicys))
    .filter((policy) => policy.type === type && [policy.name, policy.displayName, policy.shortName].includes(wanted));
  if (policies.length === 0) throw new Error(`no policy ${wanted}`);
  for (const policy of policies) {
    const rules = fieldsIn(policy.rules);
    if (rules.some((rule) => rule.priority === priority)) throw new Error(`priority ${priority} of ${wanted} is taken`);
    policy.rules = [...rules, added];
  }
}

function createRoute(documents: Documents, name: string, options: Options): void {
  const of = network(documents, options);
  const url = inProject(`global/routes/${name}`, options);
  checkNew(documents, 'compute#route', name, url);
  if (option(options, 'next-hop-gateway') !== 'default-internet-gateway') throw new Error('no such gateway');
  add(documents, 'compute#route', {
    kind: 'compute#route',
    name,
    selfLink: url,
    network: of.selfLink,
    destRange: option(options, 'destination-range'),
    priority: Number(options.get('priority') ?? 1000),
    nextHopGateway: inProject('global/gateways/default-internet-gateway', options),
  });
}
