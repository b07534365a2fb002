import type { Reason, Symptom } from '../../src/model/index.js';
import type { HostView, SubjectReason } from '../../src/provider.js';
import { canonical } from '../../src/set/index.js';
import { instanceRef } from './instance-state.js';
import { prefixWith } from './interface.js';
import {
  groupAttribute,
  isAbout,
  type Registration,
  registrationsOf,
  targetGroupRef,
} from './load-balancer/registration.js';
import { type Interface, type Network, resource } from './network.js';
import { configuresAddresses, isWindows } from './operating-system.js';
import type { InstanceStatus } from './records/records.js';
import type { AwsTarget } from './target-index.js';

type Verdict = HostView['verdict'];

/** One thing that the evidence tells about the machine. */
interface Finding {
  readonly verdict: Verdict;
  readonly symptom: Symptom;
  readonly because?: SubjectReason;
}

const worstFirst: readonly Verdict[] = ['broken', 'risk', 'unknown', 'ok'];

const checks = ['SystemStatus', 'InstanceStatus', 'AttachedEbsStatus'] as const;

const checkNames = { SystemStatus: 'system', InstanceStatus: 'instance', AttachedEbsStatus: 'attached EBS' } as const;

/** The checks that have something to say: failed, or not done. A failed volume hangs the machine sooner or later. */
function checkFinding(target: AwsTarget, record: InstanceStatus, check: (typeof checks)[number]): Finding[] {
  const status = record[check]?.Status;
  const optional = check === 'AttachedEbsStatus';
  if (status === 'ok' || (optional && (status === undefined || status === 'not-applicable'))) return [];
  if (status === undefined) return [{ verdict: 'unknown', symptom: 'cannot-tell' }];
  const reason: Reason = { code: 'aws/host-status', data: { status, check: checkNames[check] } };
  const because = { reason, component: instanceRef(target.instance) };
  if (status !== 'impaired') return [{ verdict: 'unknown', symptom: 'cannot-tell', because }];
  return [{ verdict: optional ? 'risk' : 'broken', symptom: 'times-out', because }];
}

function statusFindings(network: Network, target: AwsTarget): Finding[] {
  const record = network.inventory.get('statuses', target.instance.InstanceId);
  if (!record || record.broken !== undefined) return [{ verdict: 'unknown', symptom: 'cannot-tell' }];
  const findings = checks.flatMap((check) => checkFinding(target, record, check));
  const keys = findings.map(({ because }) => because?.reason.data.status);
  return findings.filter((_, index) => keys.indexOf(keys[index]) === index);
}

/** Where a dialled address is on the instance. */
interface Place {
  readonly eni: Interface;
  readonly privateIp: string | undefined;
  readonly secondary: boolean;
  /** The prefix that holds the address, where it is delegated and the address is not listed by itself. */
  readonly prefix?: string;
}

function delegatedPlace(enis: readonly Interface[], address: string): Place | undefined {
  for (const eni of enis) {
    const prefix = prefixWith(eni, address);
    if (prefix !== undefined) return { eni, privateIp: address, secondary: true, prefix };
  }
  return undefined;
}

function placeOf(enis: readonly Interface[], address: string): Place | undefined {
  const wanted = canonical(address);
  for (const eni of enis) {
    for (const { privateIp, publicIp, primary } of eni.addresses) {
      const texts = publicIp === undefined ? [privateIp] : [privateIp, publicIp];
      if (!texts.some((text) => canonical(text) === wanted)) continue;
      const prefix = primary ? undefined : prefixWith(eni, privateIp);
      return { eni, privateIp, secondary: !primary, ...(prefix !== undefined && { prefix }) };
    }
    if (eni.ipv6.some((text) => canonical(text) === wanted)) return { eni, privateIp: undefined, secondary: false };
  }
  return delegatedPlace(enis, address);
}

/**
 * The system has to configure what is not the first address of the first interface, and to route its replies by source. Of
 * the addresses of a prefix none is configured until somebody chooses one (EC2 guide, prefix delegation).
 */
function placeFindings(network: Network, target: AwsTarget, place: Place | undefined): Finding[] {
  if (!place) return [];
  const { eni, privateIp, secondary, prefix } = place;
  const bySystem = configuresAddresses(network, target.instance);
  const component = resource('network-interface', eni.id);
  const risk = (code: string, data: Readonly<Record<string, string>>): Finding => ({
    verdict: 'risk',
    symptom: 'times-out',
    because: { reason: { code, data }, component },
  });
  const data = { address: privateIp ?? '', ...(prefix !== undefined && { prefix }) };
  const unconfigured = secondary && privateIp !== undefined && (prefix !== undefined || !bySystem);
  return [
    ...(eni.deviceIndex > 0 && !bySystem ? [risk('aws/host-multi-nic', { device: String(eni.deviceIndex) })] : []),
    ...(unconfigured ? [risk('aws/host-address-not-configured', data)] : []),
  ];
}

/** Where every system of a kind listens unless it was told otherwise: ssh, and remote desktop. */
const usualPort = { linux: 22, windows: 3389 } as const;

/** Windows listens for ssh only where OpenSSH Server was installed; nothing tells what listens on other ports. */
function listenerFindings(target: AwsTarget, port: number): Finding[] {
  const windows = isWindows(target.instance);
  if (port === usualPort[windows ? 'windows' : 'linux']) return [];
  if (!windows || port !== usualPort.linux) return [{ verdict: 'unknown', symptom: 'cannot-tell' }];
  const because = { reason: { code: 'aws/host-windows', data: {} }, component: instanceRef(target.instance) };
  return [{ verdict: 'risk', symptom: 'times-out', because }];
}

/** A server takes no login without a key; one may have come another way than with a key pair. */
function keyFindings(target: AwsTarget): Finding[] {
  if (isWindows(target.instance) || target.instance.KeyName !== undefined) return [];
  const because = { reason: { code: 'aws/host-no-keys', data: {} }, component: instanceRef(target.instance) };
  return [{ verdict: 'risk', symptom: 'auth-failed', because }];
}

function proxyFindings(network: Network, { forwarding }: Registration): Finding[] {
  if (groupAttribute(network, forwarding, 'proxy_protocol_v2.enabled') !== 'true') return [];
  const because = { reason: { code: 'aws/nlb-proxy-v2', data: {} }, component: targetGroupRef(forwarding) };
  return [{ verdict: 'risk', symptom: 'closed', because }];
}

/**
 * What the evidence tells about the machine behind `address`: one of its own, or the name of a balancer; null for the primary
 * one. The worst counts, and every reason is listed. A machine that does not run is no question for the host.
 */
export function hostReport(network: Network, target: AwsTarget, address: string | null, port: number): HostView {
  if (target.instance.State?.Name !== 'running') return { verdict: 'unknown', symptom: 'cannot-tell', reasons: [] };
  const enis = network.interfacesOf(target.instance);
  const own = address === null ? undefined : placeOf(enis, address);
  const balanced =
    address === null || own
      ? []
      : registrationsOf(network, target).filter(
          (one) => one.forwarding.balancer.DNSName === address && isAbout(one, port),
        );
  const findings = [
    ...statusFindings(network, target),
    ...placeFindings(network, target, own),
    ...listenerFindings(target, port),
    ...balanced.slice(0, 1).flatMap((registration) => proxyFindings(network, registration)),
    ...keyFindings(target),
  ];
  const verdict = worstFirst.find((one) => findings.some((finding) => finding.verdict === one)) ?? 'ok';
  const symptom = findings.find((finding) => finding.verdict === verdict)?.symptom ?? 'connects';
  return { verdict, symptom, reasons: findings.flatMap(({ because }) => (because ? [because] : [])) };
}
