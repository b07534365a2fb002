import {
  type Filter,
  type Gap,
  passFilter,
  type ResourceRef,
  type RuleFilter,
  stopFilter,
  unknownFilter,
} from '../../../src/model/index.js';
import type { Family } from '../../../src/set/index.js';
import type { Scope } from '../inventory.js';
import { type Lookup, type Network, resource } from '../network.js';
import { wordIn } from '../words.js';

/** One attachment of a transit gateway, from the two calls that tell about it. */
export interface TransitAttachment {
  readonly id: string;
  readonly gatewayId: string;
  /** `vpc`, `vpn`, `direct-connect-gateway`, `peering`, `connect`, ... */
  readonly type: string;
  /** The VPC, the VPN connection, ... that is attached. */
  readonly resourceId: string | undefined;
  readonly scope: Scope;
  readonly state: string | undefined;
  /** The subnets of the VPC in which the attachment has an interface. */
  readonly subnetIds: readonly string[];
  readonly options: {
    readonly SecurityGroupReferencingSupport?: string | undefined;
    readonly Ipv6Support?: string | undefined;
    readonly ApplianceModeSupport?: string | undefined;
  };
  readonly association:
    | { readonly TransitGatewayRouteTableId?: string | undefined; readonly State?: string | undefined }
    | undefined;
  /** Set when not all of this could be read. */
  readonly gap: Gap | undefined;
}

function attachmentOf(network: Network, id: string): TransitAttachment | undefined {
  const { inventory } = network;
  const general = inventory.get('transitAttachments', id);
  const vpc = inventory.get('transitVpcAttachments', id);
  const gatewayId = vpc?.TransitGatewayId ?? general?.TransitGatewayId;
  if (gatewayId === undefined) return undefined;
  const type = vpc ? 'vpc' : (general?.ResourceType ?? 'unknown');
  const scope: Scope = vpc ?? general ?? {};
  let gap: Gap | undefined;
  if (general?.broken !== undefined)
    gap = inventory.dangling('transitAttachments', scope, `a readable record of ${id}`);
  else if (vpc?.broken !== undefined || (type === 'vpc' && !vpc)) {
    gap = inventory.dangling('transitVpcAttachments', scope, `a readable record of ${id}`);
  }
  return {
    id,
    gatewayId,
    type,
    resourceId: vpc?.VpcId ?? general?.ResourceId,
    scope: { account: scope.account, region: scope.region },
    state: vpc?.State ?? general?.State,
    subnetIds: vpc?.SubnetIds ?? [],
    options: vpc?.Options ?? {},
    association: general?.Association,
    gap,
  };
}

const goneStates: ReadonlySet<string> = new Set(['deleted', 'failed', 'rejected']);
const idleStates: ReadonlySet<string> = new Set([
  'initiating',
  'initiatingRequest',
  'pendingAcceptance',
  'rollingBack',
  'pending',
  'modifying',
  'deleting',
  'rejecting',
  'failing',
  ...goneStates,
]);

/** Attachments that are gone are listed for a while beside the one that took their place. */
function inForce(attachments: readonly TransitAttachment[]): TransitAttachment[] {
  const age = ({ state }: TransitAttachment) => (state === 'available' ? 0 : goneStates.has(state ?? '') ? 2 : 1);
  const byResource = new Map<string, TransitAttachment>();
  for (const attachment of attachments) {
    const key = `${attachment.gatewayId} ${attachment.resourceId ?? attachment.id}`;
    const other = byResource.get(key);
    if (!other || age(attachment) < age(other)) byResource.set(key, attachment);
  }
  return [...byResource.values()];
}

function attachments(network: Network): ReadonlyMap<string, TransitAttachment> {
  return network.once('transit attachments', () => {
    const { inventory } = network;
    const ids = new Set([
      ...inventory.all('transitVpcAttachments').keys(),
      ...inventory.all('transitAttachments').keys(),
    ]);
    const all = [...ids].map((id) => attachmentOf(network, id)).filter((attachment) => attachment !== undefined);
    return new Map(inForce(all).map((attachment) => [attachment.id, attachment]));
  });
}

export function attachmentById(network: Network, id: string): TransitAttachment | undefined {
  return attachments(network).get(id);
}

/** What is attached to a transit gateway, each thing once. */
export function attachmentsOn(network: Network, gatewayId: string): readonly TransitAttachment[] {
  return network.once(`attachments on ${gatewayId}`, () =>
    [...attachments(network).values()].filter((attachment) => attachment.gatewayId === gatewayId),
  );
}

/** The attachments by which a VPC is on transit gateways, at most one for each gateway. */
export function attachmentsOfVpc(network: Network, vpcId: string): readonly TransitAttachment[] {
  return network.once(`attachments of ${vpcId}`, () =>
    [...attachments(network).values()].filter(({ type, resourceId }) => type === 'vpc' && resourceId === vpcId),
  );
}

/** The attachments of the other VPCs on the transit gateways of a VPC. */
export function neighboursOf(network: Network, vpcId: string): readonly TransitAttachment[] {
  return attachmentsOfVpc(network, vpcId)
    .flatMap(({ gatewayId }) => attachmentsOn(network, gatewayId))
    .filter(({ type, resourceId }) => type === 'vpc' && resourceId !== vpcId);
}

export function attachmentRef(attachment: TransitAttachment): ResourceRef {
  return resource('transit-gateway-attachment', attachment.id);
}

/** What is not in the evidence because port22 does not model it. */
export function transitGap(what: string, detail: string): Gap {
  return { code: 'aws/ev-tgw', kind: 'not-modelled', what, detail };
}

function stateFilter(attachment: TransitAttachment): RuleFilter {
  const { id, state, gap } = attachment;
  if (gap) return unknownFilter(gap);
  if (state === 'available') return passFilter;
  if (state !== undefined && idleStates.has(state)) {
    return stopFilter({ code: 'aws/tgw-attachment-state', data: { attachment: id, state } });
  }
  return unknownFilter(transitGap(id, `${id} is in the state ${state}, which is not documented`));
}

/**
 * Whether an attachment carries packets of a family at all. Without IPv6 support nothing is propagated over IPv6, but static
 * routes still forward (transit gateway guide, VPC attachments), so nothing is certain then.
 */
export function attachmentFilter(network: Network, attachment: TransitAttachment, family: Family): Filter {
  const state = network.once(`attachment ${attachment.id}`, () => stateFilter(attachment));
  if (family === 4 || attachment.type !== 'vpc' || attachment.options.Ipv6Support === 'enable') return state;
  return network.once(`attachment ${attachment.id} without ipv6`, (): Filter => {
    const gap = transitGap(attachment.id, `${attachment.id} has no IPv6 support; only static routes forward IPv6 then`);
    return { kind: 'all', of: [state, unknownFilter(gap)] };
  });
}

/** The table that routes an attachment's packets, or in which state the association is instead. */
export type Associated = Lookup<string> | { readonly none: string };

function judgeAssociation(
  attachment: TransitAttachment,
  tableId: string | undefined,
  state: string | undefined,
): Associated {
  if (tableId !== undefined && state === 'associated') return { found: tableId };
  const idle = state === 'associating' || state === 'disassociating' || state === 'disassociated';
  if (idle) return { none: state };
  return {
    gap: transitGap(
      attachment.id,
      `the association of ${attachment.id} is in the state ${state}, which is not documented`,
    ),
  };
}

/** The route table with which an attachment is associated, as its own record or the tables tell. */
export function associationOf(network: Network, attachment: TransitAttachment): Associated {
  const { id, gatewayId, association } = attachment;
  if (association) return judgeAssociation(attachment, association.TransitGatewayRouteTableId, association.State);
  const { inventory } = network;
  const scope = inventory.get('transitGateways', gatewayId) ?? attachment.scope;
  let gap = inventory.gap('transitTables', scope);
  for (const [tableId, table] of inventory.all('transitTables')) {
    if (table.TransitGatewayId === undefined)
      gap ??= inventory.dangling('transitTables', scope, `the gateway of ${tableId}`);
    if (table.TransitGatewayId !== gatewayId) continue;
    const associations = inventory.ofSubject('transitAssociations', tableId);
    const own = associations?.find((item) => item.TransitGatewayAttachmentId === id);
    if (own) return judgeAssociation(attachment, tableId, own.State);
    gap ??= inventory.gap('transitAssociations', scope, tableId);
  }
  gap ??= attachment.gap;
  return gap ? { gap } : { none: 'not associated' };
}

/** Whether groups of one attached VPC can be named by rules of another (transit gateway guide, security group referencing). */
export function referencingBetween(
  network: Network,
  one: TransitAttachment,
  other: TransitAttachment,
): 'enabled' | 'disabled' | Gap {
  const gateway = network.inventory.get('transitGateways', one.gatewayId);
  const gap = one.gap ?? other.gap;
  const ends = [one, other].map(({ options }) => options.SecurityGroupReferencingSupport ?? (gap ? '' : 'enable'));
  if (ends.includes('disable')) return 'disabled';
  const own = gateway && wordIn(gateway, gateway.Options?.SecurityGroupReferencingSupport, 'disable');
  if (own === 'disable') return 'disabled';
  if (gap) return gap;
  if (!gateway || gateway.broken !== undefined) {
    return network.inventory.dangling('transitGateways', one.scope, `a readable record of ${one.gatewayId}`);
  }
  const settings = [gateway.Options?.SecurityGroupReferencingSupport, ...ends];
  if (settings.every((setting) => setting === 'enable')) return 'enabled';
  return transitGap(
    one.gatewayId,
    `the security group referencing of ${one.gatewayId} is set to something undocumented`,
  );
}
