import { awsExample } from '../support/gate/example-stacks.js';
import { describeStacks } from '../support/gate/example-suite.js';

describeStacks('the example for AWS', awsExample);
