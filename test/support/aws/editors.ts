import type { CliRecord } from './collection.js';
import {
  ipPermissions,
  networkAclEntry,
  route,
  type SecurityGroupLine,
  securityGroupLine,
  securityGroupRule,
} from './notation.js';
import { networkAcl, routeTable, securityGroup, starEntries } from './records.js';

/** A security group; what DescribeSecurityGroups and DescribeSecurityGroupRules say of it never differs. */
export class SecurityGroupEditor {
  readonly #id: string;
  readonly #owner: string;
  #vpc: string;
  #inbound: readonly SecurityGroupLine[] = [];
  #egress: readonly SecurityGroupLine[] = [];

  constructor(id: string, vpc: string, owner: string) {
    this.#id = id;
    this.#vpc = vpc;
    this.#owner = owner;
  }

  /** Replaces the inbound rules; without a line there are none. */
  inbound(...lines: readonly string[]): this {
    this.#inbound = lines.map(securityGroupLine);
    return this;
  }

  /** Replaces the egress rules; without a line there are none. */
  egress(...lines: readonly string[]): this {
    this.#egress = lines.map(securityGroupLine);
    return this;
  }

  /** Moves the group to another VPC: its interfaces then hold it by a VPC association. */
  homedIn(vpc: string): this {
    this.#vpc = vpc;
    return this;
  }

  /** The group's record in `SecurityGroups`. */
  record(): CliRecord {
    return {
      ...securityGroup(this.#id, this.#vpc, this.#owner),
      IpPermissions: ipPermissions(this.#inbound, this.#owner),
      IpPermissionsEgress: ipPermissions(this.#egress, this.#owner),
    };
  }

  /** The group's records in `SecurityGroupRules`: inbound `sgr-1-in1` for the first rule of `sg-1`, egress `sgr-1-out1`. */
  rules(): readonly CliRecord[] {
    const numbered = (lines: readonly SecurityGroupLine[], egress: boolean): readonly CliRecord[] =>
      lines.map((line, n) => {
        const id = `sgr-${this.#id.slice('sg-'.length)}-${egress ? 'out' : 'in'}${n + 1}`;
        return securityGroupRule(line, { id, group: this.#id, owner: this.#owner, egress });
      });
    return [...numbered(this.#inbound, false), ...numbered(this.#egress, true)];
  }
}

/** A network ACL; the `*` entries are always there. A new ACL has no others. */
export class AclEditor {
  readonly #id: string;
  readonly #vpc: string;
  readonly #take: (subnet: string) => void;
  #inbound: readonly CliRecord[] = [];
  #outbound: readonly CliRecord[] = [];
  #subnets: readonly string[] = [];

  /** `take` frees a subnet from the ACL that it had: a subnet has exactly one. */
  constructor(id: string, vpc: string, take: (subnet: string) => void) {
    this.#id = id;
    this.#vpc = vpc;
    this.#take = take;
  }

  /** Replaces the numbered inbound entries. */
  in(...lines: readonly string[]): this {
    this.#inbound = lines.map((line) => networkAclEntry(line, false));
    return this;
  }

  /** Replaces the numbered outbound entries. */
  out(...lines: readonly string[]): this {
    this.#outbound = lines.map((line) => networkAclEntry(line, true));
    return this;
  }

  /** 100 allows all IPv4 and 101 all IPv6, both ways, as in a default ACL. */
  open(): this {
    const all = ['100 allow all 0.0.0.0/0', '101 allow all ::/0'];
    return this.in(...all).out(...all);
  }

  on(...subnets: readonly string[]): this {
    subnets.forEach(this.#take);
    this.#subnets = [...this.#subnets, ...subnets];
    return this;
  }

  off(subnet: string): this {
    this.#subnets = this.#subnets.filter((s) => s !== subnet);
    return this;
  }

  /** The ACL's record in `NetworkAcls`. */
  record(): CliRecord {
    return {
      ...networkAcl(this.#id, this.#vpc, this.#id === 'acl-def'),
      Associations: this.#subnets.map((SubnetId) => ({
        NetworkAclAssociationId: `aclassoc-${SubnetId}`,
        NetworkAclId: this.#id,
        SubnetId,
      })),
      Entries: [...this.#outbound, ...starEntries(true), ...this.#inbound, ...starEntries(false)],
    };
  }
}

/** A route table; the local routes of its VPC are always there. A new table has no others and no association. */
export class TableEditor {
  readonly #id: string;
  readonly #vpc: string;
  readonly #take: (subnet: string) => void;
  #routes: readonly CliRecord[] = [];
  #subnets: readonly string[] = [];
  #gateway: string | undefined;
  #main = false;

  /** `take` frees a subnet from the table that it was associated with. */
  constructor(id: string, vpc: string, take: (subnet: string) => void) {
    this.#id = id;
    this.#vpc = vpc;
    this.#take = take;
  }

  get vpc(): string {
    return this.#vpc;
  }

  /** Replaces all routes but the local ones. */
  routes(...lines: readonly string[]): this {
    this.#routes = lines.map(route);
    return this;
  }

  /** Adds routes to those that are there. */
  also(...lines: readonly string[]): this {
    this.#routes = [...this.#routes, ...lines.map(route)];
    return this;
  }

  /** Makes this the VPC's main table. */
  main(isMain = true): this {
    this.#main = isMain;
    return this;
  }

  /** Associates the subnets explicitly. */
  on(...subnets: readonly string[]): this {
    subnets.forEach(this.#take);
    this.#subnets = [...this.#subnets, ...subnets];
    return this;
  }

  /** Without an association a subnet uses the main table. */
  off(subnet: string): this {
    this.#subnets = this.#subnets.filter((s) => s !== subnet);
    return this;
  }

  /** Makes this the edge table of an internet gateway or a virtual private gateway. */
  edgeOf(gateway: string): this {
    this.#gateway = gateway;
    return this;
  }

  /** The table's record in `RouteTables`, with a local route for each of the VPC's prefixes. */
  record(localPrefixes: readonly string[]): CliRecord {
    const gateways = this.#gateway === undefined ? [] : [this.#gateway];
    return {
      ...routeTable(this.#id, this.#vpc),
      Associations: [
        ...(this.#main ? [this.#association('main', { Main: true })] : []),
        ...this.#subnets.map((SubnetId) => this.#association(SubnetId, { Main: false, SubnetId })),
        ...gateways.map((GatewayId) => this.#association(GatewayId, { Main: false, GatewayId })),
      ],
      PropagatingVgws: propagatingGateways(this.#routes),
      Routes: [...localPrefixes.map((prefix) => route(`${prefix} local`)), ...this.#routes],
    };
  }

  #association(name: string, fields: CliRecord): CliRecord {
    return {
      RouteTableAssociationId: `rtbassoc-${this.#id}-${name}`,
      RouteTableId: this.#id,
      AssociationState: { State: 'associated' },
      ...fields,
    };
  }
}

function propagatingGateways(routes: readonly CliRecord[]): readonly CliRecord[] {
  const ids = routes.filter((r) => r.Origin === 'EnableVgwRoutePropagation').map((r) => r.GatewayId);
  return [...new Set(ids)].map((GatewayId) => ({ GatewayId }));
}
