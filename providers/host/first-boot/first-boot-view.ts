import type { Memo } from '../../../src/memo.js';
import {
  type Filter,
  known,
  type Layer,
  passFilter,
  type Reason,
  type ResourceRef,
  type Rule,
  type RuleFilter,
  unknown,
} from '../../../src/model/index.js';
import type { FirstBootView, SubjectReason } from '../../../src/provider.js';
import { AddressSet, type Family, PortSet, parseAddress } from '../../../src/set/index.js';
import { parseTcpWrappers, type WrapperFiles } from '../wrappers/tcp-wrappers.js';
import { wrappersFilterOf } from '../wrappers/wrappers-filter.js';
import { decodeUserData } from './decode-user-data.js';
import { type FirstBoot, firstBoot } from './first-boot.js';
import { gapOf } from './host-filters.js';
import { imageFamilyOf } from './image-family.js';
import type { BoundListener } from './machine.js';
import { type ImageFamily, imageNames } from './stock-image.js';
import type { Doubt, Line, Told } from './told.js';
import type { GivenText, UserData } from './user-data.js';
import type { UserDataPart } from './user-data-part.js';

const everyPort = known(PortSet.all);
const loopback = AddressSet.of('127.0.0.0/8', '::1/128');
const ofFamily = { 4: AddressSet.ipv4, 6: AddressSet.ipv6 } as const;
const other = { 4: 6, 6: 4 } as const;

function partsOf({ kind, at, text, encoding }: GivenText): readonly UserDataPart[] {
  if (kind === 'fetched') return [{ kind: 'unknown', at, why: 'it is fetched from elsewhere when the machine boots' }];
  if (kind === 'script') return [{ kind: 'script', at, text, name: at }];
  return decodeUserData(text, { encoding });
}

/** What may not be read at all is of no known effect. */
function asDoubt(part: UserDataPart, why: string): UserDataPart {
  if (part.kind === 'ignored') return part;
  const { at } = part;
  return { kind: 'unknown', at, why, ...('text' in part && part.text !== undefined && { text: part.text }) };
}

function bootOf({ given, image, perhapsUnread }: UserData): FirstBoot {
  const family = imageFamilyOf(image);
  const why = family === 'other' ? 'what this image does with it is not known' : perhapsUnread;
  const parts = given.flatMap((one) => {
    const read = partsOf(one);
    return why !== undefined && one.kind === 'cloud-init' ? read.map((part) => asDoubt(part, why)) : read;
  });
  return firstBoot(parts, { family: family === 'other' ? 'unknown' : family });
}

/** A rule of user data in the words of its own line. */
const textOf = ({ at, text }: Line) => (text === '' ? at : `${at}: ${text}`);

/** Why nobody gets to sshd by a family on a port, where it listens elsewhere. */
function elsewhere(bound: readonly BoundListener[], family: Family, port: number, rule: string): Reason {
  const here = (of: Family) => bound.filter((one) => one.port === port && one.families.includes(of));
  const refused = { symptom: 'refused', answer: 'reset' } as const;
  if (here(family).length > 0) return { code: 'host/listener-loopback-only', data: { rule }, ...refused };
  if (here(other[family]).length > 0)
    return { code: family === 6 ? 'host/listener-ipv4-only' : 'host/listener-ipv6-only', data: { rule }, ...refused };
  const ports = portsOf(bound).join(', ');
  if (ports === '') return { code: 'host/no-listener', data: { rule }, ...refused };
  return { code: 'host/other-port', data: { ports, line: rule }, ...refused };
}

function portsOf(bound: readonly BoundListener[]): readonly number[] {
  return [...new Set(bound.map(({ port }) => port))].sort((a, b) => a - b);
}

function listenRules(bound: readonly BoundListener[], family: Family, port: number, line: Line): Rule[] {
  const here = bound.filter((one) => one.port === port && one.families.includes(family));
  const isLoopback = ({ address }: BoundListener) => {
    const parsed = parseAddress(address);
    return parsed !== undefined && loopback.has(parsed);
  };
  const taking = here.filter((one) => !isLoopback(one));
  const peers = ofFamily[family];
  const rule = (text: string) => ({ id: null, ports: everyPort, text }) as const;
  if (taking.some(({ address }) => address === 'any'))
    return [{ ...rule('sshd listens'), action: 'allow', peers: known(peers) }];
  const reason = elsewhere(bound, family, port, textOf(line));
  const stop: Rule = { ...rule(textOf(line)), action: 'drop', peers: known(peers), reason };
  const addresses = taking.map(({ address }) => address).join(', ');
  if (addresses === '') return [stop];
  const why = `it makes sshd listen on ${addresses}, and which address of the machine is dialled is not told`;
  const gap = gapOf({ why, line });
  return [{ ...rule(gap.detail), action: 'allow', peers: unknown(peers, gap) }, stop];
}

/** sshd as the last thing that decides. */
function listenerFilter({ listeners, stopped }: FirstBoot, port: number): RuleFilter {
  if (!listeners.known) {
    const gap = gapOf(listeners.doubt);
    const rule: Rule = {
      id: null,
      action: 'allow',
      peers: unknown(AddressSet.all, gap),
      ports: everyPort,
      text: gap.detail,
    };
    return { kind: 'rules', rules: [rule], otherwise: 'drop', reason: { code: gap.code, data: {} } };
  }
  const line = stopped?.line ?? listeners.by ?? { at: 'the image', text: '' };
  if (stopped) {
    const reason: Reason = {
      code: stopped.code,
      data: { rule: textOf(line) },
      symptom: 'refused',
      answer: 'reset',
    };
    return { kind: 'rules', rules: [], otherwise: 'drop', reason };
  }
  const rules = ([4, 6] as const).flatMap((family) => listenRules(listeners.value, family, port, line));
  return { kind: 'rules', rules, otherwise: 'allow' };
}

function layersFor(boot: FirstBoot, subject: ResourceRef, port: number): readonly Layer[] {
  const filters = boot.filters.map(({ filter }): Layer => ({ kind: 'host-firewall', subject, inbound: filter }));
  // What the image does by itself is not told by user data: where it listens is judged only where a line has a say.
  const isOfImage = boot.listeners.known && boot.listeners.by === undefined && !boot.stopped;
  const inbound = isOfImage ? passFilter : listenerFilter(boot, port);
  const wrappers = wrappersOf(boot);
  return [
    ...filters,
    { kind: 'listener', subject, inbound },
    ...(wrappers ? [{ kind: 'tcp-wrappers', subject, inbound: wrappers, after: 'handshake' } as const] : []),
  ];
}

/** Images of Debian, Ubuntu and Amazon Linux 2 have an sshd that is linked with libwrap; RHEL 8 and later, and Alpine, have none. */
function wrappersOf({ wrappers: { allow, deny }, families }: FirstBoot): Filter | undefined {
  if (!allow && !deny) return undefined;
  const isLinked = (family: ImageFamily) => family === 'debian' || family === 'ubuntu' || family === 'amazon';
  const linked = families.every(isLinked) ? 'yes' : families.some(isLinked) ? 'unknown' : 'no';
  const fileOf = (file: Told<string | null> | undefined): WrapperFiles['allow'] => {
    if (!file) return '';
    return file.known ? (file.value ?? '') : { missing: gapOf(file.doubt).detail };
  };
  const denied = fileOf(deny);
  const endsUnfinished = typeof denied === 'string' && denied !== '' && !denied.endsWith('\n');
  const rules = parseTcpWrappers({
    allow: fileOf(allow),
    deny: denied,
    ...(endsUnfinished && { denyEndsUnfinished: true }),
  });
  return wrappersFilterOf(rules, linked);
}

function remark(code: string, { why, line }: Doubt, component: ResourceRef): SubjectReason {
  return { reason: { code, data: { why, line: textOf(line) } }, component };
}

/**
 * What user data makes of a machine by the end of its first boot; undefined where it has no say in who reaches sshd. The same for
 * the same text.
 */
export function firstBootView(data: UserData, target: ResourceRef, memo: Memo): FirstBootView | undefined {
  const boot = memo.once(`first boot ${JSON.stringify(data)}`, () => bootOf(data));
  const subject: ResourceRef = { ...target, kind: 'user-data' };
  const remarks = boot.notes.map((note) => remark('host/user-data-remark', note, subject));
  if (!boot.touches) return remarks.length === 0 ? undefined : { isSure: true, layers: () => [], remarks };
  const { listeners, either } = boot;
  const layersOf = (outcome: FirstBoot) => (port: number) =>
    memo.onceFor(outcome, `${target.id} ${port}`, () => layersFor(outcome, subject, port));
  return {
    isSure: data.unless === undefined,
    layers: layersOf(boot),
    ...(either && {
      either: either.map((one) => ({
        images: one.families.map((family) => imageNames[family]),
        layers: layersOf(one),
      })),
    }),
    ...(listeners.known && { ports: portsOf(listeners.value) }),
    remarks: [
      ...remarks,
      ...(data.unless === undefined
        ? []
        : [remark('host/user-data-unless', { why: data.unless, line: { at: 'user data', text: '' } }, subject)]),
    ],
  };
}
