#!/usr/bin/env node
// pulumi-analyzer-policy: the engine starts it in a pack's folder with its address and `.`. Newer SDKs do not ship it any more.

import { createRequire } from 'node:module';
import { join } from 'node:path';

createRequire(join(process.cwd(), 'package.json'))('@pulumi/pulumi/cmd/run-policy-pack');
