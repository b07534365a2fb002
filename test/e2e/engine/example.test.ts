import { join } from 'node:path';
import { describeExample } from '../../support/engine/example-suite.js';
import { awsExample } from '../../support/gate/example-stacks.js';

describeExample('the example for AWS', awsExample, {
  program: join(__dirname, '../../..'),
  only: ['Pulumi.yaml', 'examples/aws'],
});
