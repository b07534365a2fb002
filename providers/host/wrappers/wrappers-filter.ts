import { type Filter, type Gap, type Reason, type Rule, type RuleFilter, unknown } from '../../../src/model/index.js';
import { type Address, AddressSet } from '../../../src/set/index.js';
import type { Bundle } from '../bundle.js';
import { tcpWrappersOf } from './bundle-wrappers.js';
import { libwrapLinked } from './libwrap.js';
import { type WrapperRule, wrapperFilter } from './tcp-wrappers.js';

/** libwrap sleeps for five seconds and closes; with twist another program answers (measured). */
function reasonOf({ text, file, line }: WrapperRule, action: 'deny' | 'twist'): Reason {
  const data = { rule: text, chain: `${file}:${line}` };
  return action === 'twist'
    ? { code: 'host/tcp-wrappers-text', data, symptom: 'banner-text' }
    : { code: 'host/tcp-wrappers', data, symptom: 'closed' };
}

/** The same rules where it is not known whether sshd asks for them. */
function perhaps(filter: RuleFilter, gap: Gap): RuleFilter {
  const rules = filter.rules.filter(({ action }) => action !== 'allow');
  const doubt = (rule: Rule): Rule => ({
    ...rule,
    peers: unknown(rule.peers.known ? rule.peers.value : rule.peers.within, gap),
  });
  return { ...filter, rules: rules.map(doubt) };
}

const unlinked: Gap = {
  code: 'host/ev-libwrap',
  kind: 'not-collected',
  what: 'ldd sshd',
  detail: 'whether sshd asks TCP wrappers is not known: the libraries of its program were not listed',
};

/** Whom these rules keep out of an sshd that is linked with libwrap; undefined where they keep out nobody, or it does not ask them. */
export function wrappersFilterOf(rules: readonly WrapperRule[], linked: 'yes' | 'no' | 'unknown'): Filter | undefined {
  if (linked === 'no') return undefined;
  const filter = wrapperFilter(rules, reasonOf);
  if (linked === 'yes') return filter;
  const isIdle = filter.rules.every((rule) => rule.action === 'allow' || empty(rule));
  return isIdle ? undefined : perhaps(filter, unlinked);
}

/** Whom /etc/hosts.allow and /etc/hosts.deny of a bundle keep out of sshd. */
export function wrappersFilter(bundle: Bundle, near: Address | undefined): Filter | undefined {
  const { linked } = libwrapLinked(bundle);
  return linked === 'no' ? undefined : wrappersFilterOf(tcpWrappersOf(bundle, near), linked);
}

function empty({ peers }: Rule): boolean {
  return (peers.known ? peers.value : peers.within).equals(AddressSet.empty);
}
