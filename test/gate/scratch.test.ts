import { test } from '@jest/globals';
import { awsPlan } from '../../providers/aws/plan/index.js';
import { gate } from '../../src/gate/index.js';
import { gateText } from '../../src/message/index.js';
import { AddressSet, parsePrefix } from '../../src/set/index.js';
import { f0, f0With, later, made, packPlanOf, previewPlanOf, tcp22 } from '../support/gate/deployment.js';

const q = {
  port: 22,
  assumptions: { unseenControls: 'assume-none', defaultNetwork: 'likely' },
  isStrict: false,
  maxForks: 64,
} as const;
const s = {
  prefixes: ['0.0.0.0/0', '::/0'].map((t) => parsePrefix(t)).filter((p) => p !== undefined),
  except: AddressSet.empty,
};
test('show', () => {
  const cases = {
    f0,
    lit: f0With({ web: made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: ['sg-lit'] }) }),
    c11: f0With(
      { web: made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('sg', 'sgB')] }) },
      made('SecurityGroup', 'sgB', { vpcId: later('vpc') }),
    ),
    c21: f0With({ web: made('Instance', 'web', { subnetId: later(), vpcSecurityGroupIds: [later('sg')] }) }),
    c21p: f0With({
      web: made('Instance', 'web', {
        subnetId: later(),
        associatePublicIpAddress: true,
        vpcSecurityGroupIds: [later('sg')],
      }),
    }),
    c38: f0With({ sg: made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [tcp22(later())] }) }),
    c78: [
      made('SecurityGroup', 'sg', { ingress: [tcp22('0.0.0.0/0')] }),
      made('Instance', 'web', { vpcSecurityGroupIds: [later('sg')] }),
    ],
    c35: f0With(
      { sg: made('SecurityGroup', 'sg', { vpcId: later('vpc') }) },
      made('SecurityGroupRule', 'rule', {
        securityGroupId: later(),
        type: 'ingress',
        protocol: 'tcp',
        fromPort: 22,
        toPort: 22,
        cidrBlocks: ['0.0.0.0/0'],
      }),
    ),
  };
  const out: string[] = [];
  for (const [name, all] of Object.entries(cases))
    for (const [src, plan] of [
      ['pack', packPlanOf(all)],
      ['preview', previewPlanOf(all)],
    ] as const) {
      const r = gate(plan, [awsPlan], q, s);
      out.push(
        `== ${name} ${src}`,
        ...r.findings.map((f) => `${f.verdict} ${f.guess ?? ''}\n${gateText(f, 22)}`),
        ...r.remarks.map((x) => `remark ${JSON.stringify(x)}`),
        ...r.failures.map((x) => JSON.stringify(x)),
      );
    }
  process.stdout.write(out.join('\n') + '\n');
});
