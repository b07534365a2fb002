import { f0With, later, type Made, made, tcp22 } from './deployment.js';

type Inputs = Readonly<Record<string, unknown>>;

/** The network of pulumi.md 10, and beside it another one whose clients are to be judged: its one subnet is 10.1.1.0/24. */
export const theirs = '10.1.1.0/24';

const near = (target: Inputs) =>
  made('Route', 'near', { routeTableId: later('rt'), destinationCidrBlock: '10.1.0.0/16', ...target });
const far = (target: Inputs) =>
  made('RouteTable', 'rt2', { vpcId: later('vpc2'), routes: [{ cidrBlock: '10.0.0.0/16', ...target }] });

/** Both networks with routes to what joins them, and a group that lets the other one in. */
export function joinedBy(target: Inputs, ...more: readonly Made[]): Made[] {
  return f0With(
    {
      rt: made('RouteTable', 'rt', { vpcId: later('vpc') }),
      sg: made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [tcp22('10.1.0.0/16')] }),
    },
    near(target),
    made('Vpc', 'vpc2', { cidrBlock: '10.1.0.0/16' }),
    made('Subnet', 'sub2', { vpcId: later('vpc2'), cidrBlock: theirs }),
    far(target),
    made('RouteTableAssociation', 'rta2', { subnetId: later('sub2'), routeTableId: later('rt2') }),
    ...more,
  );
}

const peering = (inputs: Inputs = {}): Made =>
  made('VpcPeeringConnection', 'pcx', {
    vpcId: later('vpc'),
    peerVpcId: later('vpc2'),
    autoAccept: true,
    ...inputs,
  });

/** The networks with a peering between them. */
export const peered = (inputs: Inputs = {}, ...more: readonly Made[]): Made[] =>
  joinedBy({ vpcPeeringConnectionId: later('pcx') }, peering(inputs), ...more);

/** The networks with a transit gateway between them. */
export const overTransit = (...more: readonly Made[]): Made[] =>
  joinedBy(
    { transitGatewayId: later('tgw') },
    made('aws:ec2transitgateway/transitGateway:TransitGateway', 'tgw', {}),
    ...[
      ['here', 'vpc', 'sub'],
      ['there', 'vpc2', 'sub2'],
    ].map(([name = '', vpc = '', subnet = '']) =>
      made('aws:ec2transitgateway/vpcAttachment:VpcAttachment', name, {
        transitGatewayId: later('tgw'),
        vpcId: later(vpc),
        subnetIds: [later(subnet)],
      }),
    ),
    ...more,
  );
