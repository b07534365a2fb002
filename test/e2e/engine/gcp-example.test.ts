import { describeExample } from '../../support/engine/example-suite.js';
import { gcpExample } from '../../support/gate/example-stacks.js';

describeExample('the example for Google Cloud', gcpExample, { program: gcpExample.folder });
