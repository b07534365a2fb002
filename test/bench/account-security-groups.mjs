// The security groups of the made-up account, as `aws ec2 describe-security-groups` prints them.

import {
  ACCOUNT,
  below,
  groupId,
  groupName,
  hex,
  ipv4,
  pick,
  prefixListId,
  REGION,
  randomFrom,
  SHAPE,
  tag,
  vpcId,
} from './account-shape.mjs';

const PORTS = [
  [22, 22],
  [22, 22],
  [80, 80],
  [443, 443],
  [443, 443],
  [3306, 3306],
  [5432, 5432],
  [8000, 8999],
  [0, 65535],
];

function peerOf(random, v) {
  const dice = random();
  if (dice < 0.03) return ['IpRanges', { CidrIp: '0.0.0.0/0' }];
  if (dice < 0.05) return ['Ipv6Ranges', { CidrIpv6: '::/0' }];
  if (dice < 0.15)
    return ['Ipv6Ranges', { CidrIpv6: `2001:db8:${hex(below(random, 4096), 1)}::/48`, Description: 'partner' }];
  if (dice < 0.3) return ['PrefixListIds', { PrefixListId: prefixListId(below(random, SHAPE.prefixLists)) }];
  if (dice < 0.55)
    return ['UserIdGroupPairs', { UserId: ACCOUNT, GroupId: groupId(v, below(random, SHAPE.groupsPerVpc)) }];
  const length = pick(random, [16, 20, 24, 24, 28, 32]);
  const size = 2 ** (32 - length);
  const network = below(random, 2 ** length) * size;
  return ['IpRanges', { CidrIp: `${ipv4(network)}/${length}`, Description: `change ${below(random, 9999)}` }];
}

const permission = (IpProtocol, ports) => ({
  IpProtocol,
  ...(ports && { FromPort: ports[0], ToPort: ports[1] }),
  UserIdGroupPairs: [],
  IpRanges: [],
  Ipv6Ranges: [],
  PrefixListIds: [],
});

/** The rules of a group, no two alike, gathered by protocol and ports as the API prints them. */
function inboundPermissions(seed, v, g) {
  const random = randomFrom(seed, 2, v, g);
  const permissions = new Map();
  const rules = new Set();
  while (rules.size < SHAPE.rulesPerGroup) {
    const ports = random() < 0.05 ? undefined : pick(random, PORTS);
    const [list, peer] = peerOf(random, v);
    const key = String(ports);
    const rule = `${key} ${JSON.stringify(peer)}`;
    if (rules.has(rule)) continue;
    rules.add(rule);
    if (!permissions.has(key)) permissions.set(key, permission(ports ? 'tcp' : '-1', ports));
    permissions.get(key)[list].push(peer);
  }
  return [...permissions.values()];
}

export function* securityGroups(seed) {
  for (let v = 0; v < SHAPE.vpcs; v++) {
    for (let g = 0; g < SHAPE.groupsPerVpc; g++) {
      const everywhere = { IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] };
      yield {
        GroupId: groupId(v, g),
        IpPermissionsEgress: [{ ...permission('-1'), ...everywhere }],
        Tags: [tag('Name', groupName(v, g))],
        VpcId: vpcId(v),
        SecurityGroupArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/${groupId(v, g)}`,
        OwnerId: ACCOUNT,
        GroupName: groupName(v, g),
        Description: `${groupName(v, g)} of vpc-${v}`,
        IpPermissions: inboundPermissions(seed, v, g),
      };
    }
  }
}
