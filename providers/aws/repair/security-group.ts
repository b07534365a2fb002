import type { Change, Stop } from '../../../src/provider.js';
import { formatAddress, parseAddress } from '../../../src/set/index.js';
import type { Permission } from '../records/records.js';
import { awsCommand, isIpv6, prefixesToAllow, quoted } from './command.js';
import type { Recipe, Repair } from './recipe.js';

/** The default quota of rules of one group, direction and family (VPC guide, quotas). */
const mostRules = 60;

interface Opening {
  readonly groupId: string;
  readonly egress: boolean;
  readonly prefixes: readonly string[];
  readonly port: number;
}

function permissionOf({ prefixes, port }: Opening): Permission {
  const ipv4 = prefixes.filter((prefix) => !isIpv6(prefix));
  const ipv6 = prefixes.filter(isIpv6);
  return {
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    IpRanges: ipv4.map((CidrIp) => ({ CidrIp, Description: undefined })),
    Ipv6Ranges: ipv6.map((CidrIpv6) => ({ CidrIpv6, Description: undefined })),
    PrefixListIds: undefined,
    UserIdGroupPairs: undefined,
  };
}

function commandOf(region: string | undefined, opening: Opening): string {
  const { groupId, egress, prefixes, port } = opening;
  const verb = egress ? 'ec2 authorize-security-group-egress' : 'ec2 authorize-security-group-ingress';
  const [first] = prefixes;
  if (!egress && first !== undefined && prefixes.length === 1 && !isIpv6(first)) {
    return awsCommand(region, verb, { 'group-id': groupId, protocol: 'tcp', port: String(port), cidr: first });
  }
  const ranges = (name: string, field: string, texts: readonly string[]) =>
    texts.length === 0 ? '' : `,${name}=[${texts.map((text) => `{${field}=${text}}`).join(',')}]`;
  const ipv4 = ranges(
    'IpRanges',
    'CidrIp',
    prefixes.filter((prefix) => !isIpv6(prefix)),
  );
  const ipv6 = ranges('Ipv6Ranges', 'CidrIpv6', prefixes.filter(isIpv6));
  return awsCommand(region, verb, {
    'group-id': groupId,
    'ip-permissions': `IpProtocol=tcp,FromPort=${port},ToPort=${port}${ipv4}${ipv6}`,
  });
}

function pulumiOf({ groupId, egress, prefixes, port }: Opening): string {
  const type = egress ? 'SecurityGroupEgressRule' : 'SecurityGroupIngressRule';
  return prefixes
    .map((prefix, index) => {
      const name = quoted(index === 0 ? 'ssh' : `ssh-${index + 1}`);
      const peer = `${isIpv6(prefix) ? 'cidrIpv6' : 'cidrIpv4'}: ${quoted(prefix)}`;
      return `new aws.vpc.${type}(${name}, { securityGroupId: ${quoted(groupId)}, ipProtocol: "tcp", fromPort: ${port}, toPort: ${port}, ${peer} });`;
    })
    .join('\n');
}

function notesOn(repair: Repair, opening: Opening): string[] {
  const balancing = repair.path.way.kind === 'load-balancer';
  const others = repair.network
    .interfacesWith(opening.groupId)
    .filter((eni) => eni.instanceId !== repair.target.ref.id)
    .filter((eni) => !(balancing && eni.type === 'network_load_balancer')).length;
  const group = repair.network.inventory.get('groups', opening.groupId);
  const rules = (opening.egress ? group?.IpPermissionsEgress : group?.IpPermissions)?.length ?? 0;
  return [
    ...(others > 0
      ? [`${opening.groupId} also guards ${others} other ${others === 1 ? 'interface' : 'interfaces'}`]
      : []),
    ...(rules >= mostRules
      ? [`${opening.groupId} has ${rules} rules already, and the default quota is ${mostRules}`]
      : []),
    ...(opening.prefixes.some((prefix) => prefix.endsWith('/0'))
      ? ['this opens the port to the whole world: prefer Session Manager or an Instance Connect Endpoint']
      : []),
  ];
}

function openingChange(repair: Repair, { reason, layer }: Stop, opening: Opening): Change | undefined {
  const group = repair.network.inventory.get('groups', opening.groupId);
  if (!group?.IpPermissions || !group.IpPermissionsEgress) return undefined;
  const permission = permissionOf(opening);
  const changed = opening.egress
    ? { ...group, IpPermissionsEgress: [...group.IpPermissionsEgress, permission] }
    : { ...group, IpPermissions: [...group.IpPermissions, permission] };
  const shared = !opening.egress && layer.seen?.choice === 'each';
  const note = [...notesOn(repair, opening), ...(shared ? ['all who get through the balancer come from there'] : [])];
  return {
    removes: reason.code,
    command: commandOf(repair.target.instance.region, opening),
    pulumi: pulumiOf(opening),
    after: repair.lower(repair.network.inventory.with('groups', opening.groupId, changed)),
    ...(note.length > 0 && { note: note.join('; ') }),
  };
}

/** Allow the port for the sources in the group that signed. */
export const groupChange: Recipe = (repair, stop) => {
  const prefixes = prefixesToAllow(repair.from);
  if (!prefixes || stop.component.kind !== 'security-group') return undefined;
  return openingChange(repair, stop, {
    groupId: stop.component.id,
    egress: false,
    prefixes,
    port: repair.port,
  });
};

/** Allow the range where the rule for a group that is gone stands for nobody any more. */
export const staleGroupChange: Recipe = (repair, stop) => {
  const change = groupChange(repair, stop);
  const { group, rule } = stop.reason.data;
  if (!change || group === undefined || !rule) return change;
  const revoke = awsCommand(repair.target.instance.region, 'ec2 revoke-security-group-ingress', {
    'group-id': group,
    'security-group-rule-ids': rule,
  });
  const notes = [...(change.note === undefined ? [] : [change.note]), `the stale rule can go: ${revoke}`];
  return { ...change, note: notes.join('; ') };
};

/** Let the source's group open connections to the target. */
export const sourceGroupChange: Recipe = (repair, stop) => {
  const destination = parseAddress(stop.reason.data.destination ?? '');
  if (!destination || stop.component.kind !== 'security-group') return undefined;
  const prefix = `${formatAddress(destination)}/${destination.family === 4 ? 32 : 128}`;
  return openingChange(repair, stop, {
    groupId: stop.component.id,
    egress: true,
    prefixes: [prefix],
    port: repair.port,
  });
};
