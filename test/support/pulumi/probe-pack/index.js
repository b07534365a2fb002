const { PolicyPack } = require('@pulumi/policy');

const INSTANCE = 'aws:ec2/instance:Instance';

/** Names of the resources by property, as a stack policy gets them: as objects. */
function linksOf({ propertyDependencies }) {
  const links = Object.entries(propertyDependencies).map(([property, resources]) => [
    property,
    resources.map(({ type, name, props }) => `${type} ${name} ${JSON.stringify(Object.keys(props))}`),
  ]);
  return Object.fromEntries(links);
}

new PolicyPack(
  'probe',
  {
    policies: [
      {
        name: 'says-what-it-gets',
        description: 'Says what it gets.',
        enforcementLevel: 'advisory',
        severity: 'low',
        configSchema: { properties: { word: { type: 'string', default: 'word' } }, required: ['word'] },
        validateResource: (args, report) => {
          const { name, props, provider, opts } = args;
          const { value } = Object.getOwnPropertyDescriptor(props, 'vpcSecurityGroupIds') ?? {};
          const seen = { name, raw: value, region: provider?.props.region, parent: opts.parent, ...args.getConfig() };
          report(JSON.stringify(seen));
        },
      },
      {
        name: 'reads-what-is-unknown',
        description: 'Reads what is unknown.',
        enforcementLevel: 'mandatory',
        validateResource: ({ props }, report) => report(props.subnetId),
      },
      {
        name: 'no-spot',
        description: 'Takes the word spot away.',
        enforcementLevel: 'disabled',
        remediateResource: ({ props }) => ({ ...props, spot: undefined }),
      },
      {
        name: 'sees-links',
        description: 'Sees links.',
        enforcementLevel: 'mandatory',
        severity: 'critical',
        validateStack: ({ resources }, report) => {
          for (const resource of resources.filter(({ type }) => type === INSTANCE))
            report(JSON.stringify(linksOf(resource)), resource.urn);
        },
      },
      {
        name: 'fails',
        description: 'Fails.',
        enforcementLevel: 'disabled',
        validateStack: () => {
          throw new Error('the pack is broken');
        },
      },
    ],
  },
  { 'says-what-it-gets': { enforcementLevel: 'mandatory', word: 'first' } },
);
