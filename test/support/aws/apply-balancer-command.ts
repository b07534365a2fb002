import type { CliRecord, RecordedDocument } from './collection.js';
import { addRecord, answerAbout, type Edit, type Options, record, shorthand } from './recorded-edit.js';
import { recordIn, recordsIn } from './records.js';

type Documents = readonly RecordedDocument[];

/** What the printed commands do to the records of load balancers; a target that is sent to is well. */
export const balancerEdits: Readonly<Record<string, Edit>> = {
  'register-targets': register,
  'modify-target-group-attributes': modifyAttributes,
  'create-listener': createListener,
};

function aboutGroup(documents: Documents, key: string, arn: string) {
  return answerAbout(documents, key, 'TargetGroupArn', arn);
}

function register(documents: Documents, options: Options): void {
  const arn = options.get('target-group-arn') ?? '';
  const target = shorthand(options.get('targets') ?? '');
  const Id = target.get('Id') ?? '';
  const Port = Number(target.get('Port') ?? record(documents, 'TargetGroups', arn, 'TargetGroupArn').Port);
  const answer = aboutGroup(documents, 'TargetHealthDescriptions', arn);
  const others = recordsIn(answer.TargetHealthDescriptions).filter((one) => {
    const known = recordIn(one.Target);
    return known.Id !== Id || known.Port !== Port;
  });
  answer.TargetHealthDescriptions = [...others, { Target: { Id, Port }, TargetHealth: { State: 'healthy' } }];
}

function modifyAttributes(documents: Documents, options: Options): void {
  const answer = aboutGroup(documents, 'Attributes', options.get('target-group-arn') ?? '');
  const changed = shorthand(options.get('attributes') ?? '');
  const attribute: CliRecord = { Key: changed.get('Key'), Value: changed.get('Value') };
  answer.Attributes = [...recordsIn(answer.Attributes).filter(({ Key }) => Key !== attribute.Key), attribute];
}

function createListener(documents: Documents, options: Options): void {
  const arn = options.get('load-balancer-arn') ?? '';
  const LoadBalancerArn = record(documents, 'LoadBalancers', arn, 'LoadBalancerArn').LoadBalancerArn;
  const action = shorthand(options.get('default-actions') ?? '');
  const TargetGroupArn = action.get('TargetGroupArn') ?? '';
  addRecord(documents, 'Listeners', {
    ListenerArn: `${arn}/new`,
    LoadBalancerArn,
    Port: Number(options.get('port')),
    Protocol: options.get('protocol'),
    DefaultActions: [{ Type: action.get('Type'), TargetGroupArn }],
  });
  const answer = aboutGroup(documents, 'TargetHealthDescriptions', TargetGroupArn);
  answer.TargetHealthDescriptions = recordsIn(answer.TargetHealthDescriptions).map((one) => ({
    ...one,
    TargetHealth: { State: 'healthy' },
  }));
}
