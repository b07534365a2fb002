// Writes a made-up AWS account as the recorded files of the AWS CLI, as large as wanted and the same for the same seed.
// usage: node test/bench/generate-account.mjs --out DIR [--instances 100000] [--files N] [--seed 22]

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { networkInterface, reservation } from './account-instances.mjs';
import * as network from './account-network.mjs';
import { securityGroups } from './account-security-groups.mjs';
import { MOST_INSTANCES, prefixListId, SHAPE } from './account-shape.mjs';

const INSTANCES_PER_FILE = 10_000;
const FLUSH_CHARACTERS = 1 << 20;

/** Writes `{ [key]: [...records], ...beside }` with four spaces, as the AWS CLI prints it; holds about 1 MiB at a time. Returns the bytes written. */
function writeRecorded(path, key, records, beside = {}) {
  const file = openSync(path, 'w');
  let bytes = 0;
  let pending = '{\n';
  const flush = () => {
    bytes += writeSync(file, pending);
    pending = '';
  };
  for (const [name, value] of Object.entries(beside))
    pending += `    ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`;
  pending += `    ${JSON.stringify(key)}: [`;
  let separator = '\n';
  for (const record of records) {
    pending += `${separator}        ${JSON.stringify(record, null, 4).replaceAll('\n', '\n        ')}`;
    separator = ',\n';
    if (pending.length > FLUSH_CHARACTERS) flush();
  }
  pending += '\n    ]\n}\n';
  flush();
  closeSync(file);
  return bytes;
}

function* range(from, to, recordOf) {
  for (let n = from; n < to; n++) yield recordOf(n);
}

/**
 * Writes the account into `directory`: `instances` instances (at most MOST_INSTANCES) with one interface each, in `files` files of
 * about the same size (by default 10,000 instances a file; 1 gives a single large file), and their network of constant size.
 * Returns the bytes written.
 */
export function generateAccount({
  directory,
  instances = 100_000,
  files = Math.ceil(instances / INSTANCES_PER_FILE),
  seed = 22,
}) {
  if (instances > MOST_INSTANCES)
    throw new RangeError(`the subnets hold ${MOST_INSTANCES} instances, not ${instances}`);
  mkdirSync(directory, { recursive: true });
  let bytes = 0;
  const write = (name, ...rest) => {
    bytes += writeRecorded(join(directory, `${name}.json`), ...rest);
  };
  const writeParts = (name, key, parts, recordOf) => {
    for (let part = 0; part < parts; part++) {
      const first = Math.floor((instances * part) / parts);
      const next = Math.floor((instances * (part + 1)) / parts);
      write(parts === 1 ? name : `${name}-${String(part).padStart(3, '0')}`, key, range(first, next, recordOf));
    }
  };
  writeParts('describe-instances', 'Reservations', files, (n) => reservation(seed, n));
  writeParts('describe-network-interfaces', 'NetworkInterfaces', Math.ceil(instances / INSTANCES_PER_FILE), (n) =>
    networkInterface(seed, n),
  );
  write('describe-vpcs', 'Vpcs', network.vpcs());
  write('describe-subnets', 'Subnets', network.subnets());
  write('describe-network-acls', 'NetworkAcls', network.networkAcls());
  write('describe-route-tables', 'RouteTables', network.routeTables());
  write('describe-internet-gateways', 'InternetGateways', network.internetGateways());
  write('describe-nat-gateways', 'NatGateways', network.natGateways());
  write('describe-security-groups', 'SecurityGroups', securityGroups(seed));
  write('describe-managed-prefix-lists', 'PrefixLists', network.prefixLists());
  for (let n = 0; n < SHAPE.prefixLists; n++) {
    write(`get-managed-prefix-list-entries-${n}`, 'Entries', network.prefixListEntries(n), {
      PrefixListId: prefixListId(n),
    });
  }
  return bytes;
}

/** Writes three instances of one VPC into `directory`, and of the network what they need. Returns the id of one of them. */
export function generateSmallAccount({ directory, seed = 22 }) {
  mkdirSync(directory, { recursive: true });
  const numbers = [0, 1, 2].map((k) => k * SHAPE.vpcs);
  const reservations = numbers.map((n) => reservation(seed, n));
  const instances = reservations.flatMap(({ Instances }) => Instances);
  const groups = new Set(instances.flatMap(({ SecurityGroups }) => SecurityGroups.map(({ GroupId }) => GroupId)));
  const [{ VpcId, InstanceId }] = instances;
  const ours = (records) => [...records].filter((record) => record.VpcId === VpcId);
  const write = (name, key, records) => writeRecorded(join(directory, `${name}.json`), key, records);
  const interfaces = numbers.map((n) => networkInterface(seed, n));
  write('describe-instances', 'Reservations', reservations);
  write('describe-network-interfaces', 'NetworkInterfaces', interfaces);
  write('describe-vpcs', 'Vpcs', ours(network.vpcs()));
  write('describe-subnets', 'Subnets', ours(network.subnets()));
  write('describe-network-acls', 'NetworkAcls', ours(network.networkAcls()));
  write('describe-route-tables', 'RouteTables', ours(network.routeTables()));
  write('describe-internet-gateways', 'InternetGateways', [...network.internetGateways()].slice(0, 1));
  write(
    'describe-security-groups',
    'SecurityGroups',
    [...securityGroups(seed)].filter(({ GroupId }) => groups.has(GroupId)),
  );
  return InstanceId;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      instances: { type: 'string' },
      files: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  if (values.out === undefined) {
    console.error('usage: generate-account.mjs --out DIR [--instances N] [--files N] [--seed N]');
    process.exit(2);
  }
  const numberOr = (text) => (text === undefined ? undefined : Number(text));
  const bytes = generateAccount({
    directory: values.out,
    instances: numberOr(values.instances),
    files: numberOr(values.files),
    seed: numberOr(values.seed),
  });
  console.log(`${(bytes / 1e6).toFixed(1)} MB in ${values.out}`);
}
