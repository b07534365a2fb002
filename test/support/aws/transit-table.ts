import type { TransitGatewayAttachment, TransitGatewayRoute, TransitGatewayRouteTable } from '@aws-sdk/client-ec2';
import type { CliRecord } from './collection.js';
import type { Fixture } from './fixture.js';
import type { Printed } from './printed.js';

/** What a transit gateway's table holds; `routes` read `10.0.0.0/16 tgw-attach-1`, `10.0.0.0/16 tgw-attach-1 static` or `10.0.0.0/16 blackhole`. */
export interface TransitTableSpec {
  readonly associated: readonly string[];
  readonly routes: readonly string[];
}

/** Replaces what one table of tgw-1 says, or adds the table; the attachments' own records follow. */
export function transitTable(f: Fixture, id: string, of: TransitTableSpec): Fixture {
  f.remove('TransitGatewayRouteTables', id).add('TransitGatewayRouteTables', tableRecord(id));
  for (const attachment of of.associated) {
    f.edit('TransitGatewayAttachments', attachment, {
      Association: { TransitGatewayRouteTableId: id, State: 'associated' },
    });
  }
  const attached = (attachment: string): CliRecord => routeAttachment(f, attachment);
  f.answer(
    'ec2:GetTransitGatewayRouteTableAssociations',
    id,
    of.associated.map((attachment) => ({ ...attached(attachment), State: 'associated' })),
  );
  const routes = of.routes.map((line) => route(line, attached));
  const propagating = new Set(of.routes.filter((line) => isPropagated(line)).map((line) => line.split(' ')[1] ?? ''));
  f.answer(
    'ec2:GetTransitGatewayRouteTablePropagations',
    id,
    [...propagating].map((attachment) => ({ ...attached(attachment), State: 'enabled' })),
  );
  f.answer('ec2:GetTransitGatewayPrefixListReferences', id, []);
  return f.answer('ec2:SearchTransitGatewayRoutes', id, routes);
}

/** Takes the association off an attachment; the table's own answer is the row's. */
export function dissociated(f: Fixture, attachment: string): Fixture {
  return f.edit('TransitGatewayAttachments', attachment, { Association: undefined });
}

/** A peering attachment of tgw-1 to a transit gateway of another account. */
export function peeringAttachment(f: Fixture, id: string, owner: string): Fixture {
  const shared = { TransitGatewayAttachmentId: id, State: 'available', Tags: [] } as const;
  f.add('TransitGatewayPeeringAttachments', {
    ...shared,
    RequesterTgwInfo: { TransitGatewayId: 'tgw-1', OwnerId: '111122223333', Region: 'eu-west-1' },
    AccepterTgwInfo: { TransitGatewayId: 'tgw-far', OwnerId: owner, Region: 'us-east-1' },
  });
  return f.add('TransitGatewayAttachments', {
    ...shared,
    TransitGatewayId: 'tgw-1',
    TransitGatewayOwnerId: '111122223333',
    ResourceOwnerId: owner,
    ResourceType: 'peering',
    ResourceId: 'tgw-far',
  } satisfies Printed<TransitGatewayAttachment>);
}

function isPropagated(line: string): boolean {
  return line.split(' ').length === 2 && !line.endsWith(' blackhole');
}

function route(line: string, attached: (attachment: string) => CliRecord): CliRecord {
  const [prefix = '', attachment = ''] = line.split(' ');
  if (attachment === 'blackhole') {
    return { DestinationCidrBlock: prefix, Type: 'static', State: 'blackhole' } satisfies Printed<TransitGatewayRoute>;
  }
  const type = isPropagated(line) ? 'propagated' : 'static';
  return {
    DestinationCidrBlock: prefix,
    TransitGatewayAttachments: [attached(attachment)],
    Type: type,
    State: 'active',
  };
}

function routeAttachment(f: Fixture, id: string): CliRecord {
  const { ResourceId, ResourceType } = f.record('TransitGatewayAttachments', id);
  return { TransitGatewayAttachmentId: id, ResourceId, ResourceType };
}

function tableRecord(id: string) {
  return {
    TransitGatewayRouteTableId: id,
    TransitGatewayId: 'tgw-1',
    State: 'available',
    DefaultAssociationRouteTable: id === 'tgw-rtb-1',
    DefaultPropagationRouteTable: id === 'tgw-rtb-1',
    CreationTime: '2026-01-05T08:00:00+00:00',
    Tags: [],
  } satisfies Printed<TransitGatewayRouteTable>;
}
