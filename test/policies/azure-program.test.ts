import { azureExample } from '../support/gate/example-stacks.js';
import { describeStacks } from '../support/gate/example-suite.js';

describeStacks('the example for Azure', azureExample);
