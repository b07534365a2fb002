// Node 20.20 never ends colouring a stack trace that has node_modules/@pulumi/resource.ts, as Pulumi's source maps call its files
// (markNodeModules looks for a second slash); @pulumi/pulumi colours what a program throws.
const util = require('node:util');

const { inspect } = util;
util.inspect = Object.assign((value, options) => inspect(value, { ...options, colors: false }), inspect);
