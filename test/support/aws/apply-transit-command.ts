import type { CliRecord, RecordedDocument } from './collection.js';
import { answerAbout, type Edit, type Options, record, shorthand } from './recorded-edit.js';
import { recordIn, recordsIn } from './records.js';

type Documents = readonly RecordedDocument[];

/** What the printed commands do to the records of a transit gateway. */
export const transitEdits: Readonly<Record<string, Edit>> = {
  'create-transit-gateway-route': (documents, options) => putRoute(documents, options, false),
  'replace-transit-gateway-route': (documents, options) => putRoute(documents, options, true),
  'delete-transit-gateway-route': deleteRoute,
  'enable-transit-gateway-route-table-propagation': (documents, options) =>
    propagate(documents, tableOf(options), attachmentOf(options)),
  'associate-transit-gateway-route-table': (documents, options) =>
    associate(documents, tableOf(options), attachmentOf(options)),
  'accept-transit-gateway-vpc-attachment': accept,
  'modify-transit-gateway-vpc-attachment': modifyAttachment,
  'modify-transit-gateway': modifyGateway,
};

const tableOf = (options: Options) => options.get('transit-gateway-route-table-id') ?? '';
const attachmentOf = (options: Options) => options.get('transit-gateway-attachment-id') ?? '';

function recordsFor(documents: Documents, id: string) {
  const of = (key: string) => record(documents, key, id, 'TransitGatewayAttachmentId');
  return { general: of('TransitGatewayAttachments'), vpc: of('TransitGatewayVpcAttachments') };
}

function routeTo(documents: Documents, prefix: string, id: string, Type: string): CliRecord {
  const { ResourceId, ResourceType } = recordsFor(documents, id).general;
  const attachment = { TransitGatewayAttachmentId: id, ResourceId, ResourceType };
  return { DestinationCidrBlock: prefix, TransitGatewayAttachments: [attachment], Type, State: 'active' };
}

function routesOf(documents: Documents, tableId: string) {
  return answerAbout(documents, 'Routes', 'TransitGatewayRouteTableId', tableId);
}

/** The service refuses to create a static route that is there, and to replace or delete one that is not. */
function staticRoutes(documents: Documents, options: Options, wanted: boolean) {
  const answer = routesOf(documents, tableOf(options));
  const prefix = options.get('destination-cidr-block') ?? '';
  const routes = recordsIn(answer.Routes);
  const others = routes.filter((route) => route.DestinationCidrBlock !== prefix || route.Type !== 'static');
  if (others.length < routes.length !== wanted) throw new Error(`a static route to ${prefix}: ${!wanted}`);
  return { answer, prefix, others };
}

function putRoute(documents: Documents, options: Options, replaces: boolean): void {
  const { answer, prefix, others } = staticRoutes(documents, options, replaces);
  answer.Routes = [...others, routeTo(documents, prefix, attachmentOf(options), 'static')];
}

function deleteRoute(documents: Documents, options: Options): void {
  const { answer, others } = staticRoutes(documents, options, true);
  answer.Routes = others;
}

/** The prefix of the VPC; one that is propagated already is left out. */
function propagate(documents: Documents, tableId: string, id: string): void {
  const answer = routesOf(documents, tableId);
  const routes = recordsIn(answer.Routes);
  const { CidrBlock } = record(documents, 'Vpcs', String(recordsFor(documents, id).vpc.VpcId), 'VpcId');
  if (routes.some((route) => route.DestinationCidrBlock === CidrBlock && route.Type === 'propagated')) return;
  answer.Routes = [...routes, routeTo(documents, String(CidrBlock), id, 'propagated')];
}

function associate(documents: Documents, tableId: string, id: string): void {
  const { general } = recordsFor(documents, id);
  if (recordIn(general.Association).State === 'associated') throw new Error(`${id} is associated already`);
  general.Association = { TransitGatewayRouteTableId: tableId, State: 'associated' };
  const answer = answerAbout(documents, 'Associations', 'TransitGatewayRouteTableId', tableId);
  const { ResourceId, ResourceType } = general;
  const own = { TransitGatewayAttachmentId: id, ResourceId, ResourceType, State: 'associated' };
  answer.Associations = [...recordsIn(answer.Associations), own];
}

function accept(documents: Documents, options: Options): void {
  const id = attachmentOf(options);
  const { general, vpc } = recordsFor(documents, id);
  if (vpc.State !== 'pendingAcceptance') throw new Error(`${id} is ${String(vpc.State)}`);
  general.State = 'available';
  vpc.State = 'available';
  const gateway = record(documents, 'TransitGateways', String(vpc.TransitGatewayId), 'TransitGatewayId');
  const defaults = recordIn(gateway.Options);
  if (defaults.DefaultRouteTableAssociation === 'enable' && general.Association === undefined)
    associate(documents, String(defaults.AssociationDefaultRouteTableId), id);
  if (defaults.DefaultRouteTablePropagation === 'enable')
    propagate(documents, String(defaults.PropagationDefaultRouteTableId), id);
}

function withOptions(changed: ReturnType<typeof record>, options: Options): void {
  changed.Options = { ...recordIn(changed.Options), ...Object.fromEntries(shorthand(options.get('options') ?? '')) };
}

function modifyAttachment(documents: Documents, options: Options): void {
  const { vpc } = recordsFor(documents, attachmentOf(options));
  const added = options.get('add-subnet-ids');
  const subnets = (vpc.SubnetIds ?? []) as readonly string[];
  if (added !== undefined)
    vpc.SubnetIds = [...subnets, String(record(documents, 'Subnets', added, 'SubnetId').SubnetId)];
  withOptions(vpc, options);
}

function modifyGateway(documents: Documents, options: Options): void {
  const id = options.get('transit-gateway-id') ?? '';
  withOptions(record(documents, 'TransitGateways', id, 'TransitGatewayId'), options);
}
