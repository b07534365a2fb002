import { describeExample } from '../../support/engine/example-suite.js';
import { azureExample } from '../../support/gate/example-stacks.js';

describeExample('the example for Azure', azureExample, { program: azureExample.folder });
