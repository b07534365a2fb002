const { PolicyPack } = require('@pulumi/policy');

const INSTANCE = 'aws:ec2/instance:Instance';
const SECURITY_GROUP = 'aws:ec2/securityGroup:SecurityGroup';
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Reads what may be unknown without the trap that throws. */
function rawValue(object, key) {
  const value = Object.getOwnPropertyDescriptor(object, key)?.value;
  return value === UNKNOWN ? 'unknown' : value;
}

new PolicyPack('probe', {
  policies: [
    {
      name: 'open-rule',
      description: 'A security group lets everybody in.',
      enforcementLevel: 'mandatory',
      configSchema: { properties: { everybody: { type: 'string', default: '0.0.0.0/0' } } },
      validateResource: (args, reportViolation) => {
        if (args.type !== SECURITY_GROUP) return;
        const { everybody } = args.getConfig();
        const open = (args.props.ingress ?? []).some((rule) => rule.cidrBlocks?.includes(everybody));
        if (open) reportViolation(`${args.name} lets ${everybody} in`);
      },
    },
    {
      name: 'links',
      description: 'What a stack policy is told of an instance.',
      enforcementLevel: 'advisory',
      validateStack: (args, reportViolation) => {
        for (const { type, name, props, urn, propertyDependencies } of args.resources) {
          if (type !== INSTANCE) continue;
          const groups = propertyDependencies.vpcSecurityGroupIds.map((resource) => resource.name).sort();
          const told = { name, id: rawValue(props, 'id'), groups };
          reportViolation(JSON.stringify(told), urn);
        }
      },
    },
  ],
});
