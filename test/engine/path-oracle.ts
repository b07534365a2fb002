import { type Filter, type Layer, layersOf, type Seen, type Verdict, type Way } from '../../src/model/index.js';
import { type Address, formatAddress } from '../../src/set/index.js';
import { everyWorld, type Guess } from './every-world.js';
import { decide } from './filter-oracle.js';
import { addresses, ports } from './universe.js';

/** One try of a client: the port that it sends from, and the node that it happens upon behind each translation. */
interface Attempt {
  readonly clientPort: number;
  readonly nodes: ReadonlyMap<Seen, Address>;
}

const membersOf = (seen: Seen) => addresses.filter((address) => seen.addresses.has(address));

/** The ports of the universe from which a client sends. */
export function clientPortsOf(path: Way, client: Address): number[] {
  return ports.filter((port) => path.clientPorts.has(client, port));
}

function attemptsOf(path: Way, client: Address): Attempt[] {
  let attempts = clientPortsOf(path, client).map((clientPort): Attempt => ({ clientPort, nodes: new Map() }));
  for (const { seen } of layersOf(path)) {
    if (seen?.choice !== 'each') continue;
    attempts = attempts.flatMap(({ clientPort, nodes }) =>
      membersOf(seen).map((node) => ({ clientPort, nodes: new Map([...nodes, [seen, node]]) })),
    );
  }
  return attempts;
}

/** Whom a layer sees at the far end. */
function farEnd(layer: Layer, client: Address, attempt: Attempt, guess: Guess): Address {
  const { seen } = layer;
  if (!seen) return client;
  const members = membersOf(seen);
  const met =
    seen.choice === 'each' ? attempt.nodes.get(seen) : members.find((member) => guess(seen, formatAddress(member)));
  return met ?? members.at(-1) ?? client;
}

function allows(filter: Filter | undefined, address: Address, port: number, guess: Guess): boolean {
  return filter === undefined || decide(filter, { address, port }, guess).action === 'allow';
}

/** Whether the request gets through, in one world. */
function arrives(path: Way, port: number, client: Address, attempt: Attempt, guess: Guess): boolean {
  return layersOf(path).every((layer) =>
    allows(layer.inbound, farEnd(layer, client, attempt, guess), layer.port ?? port, guess),
  );
}

/** Whether the reply gets back, in one world. */
function returns(path: Way, client: Address, attempt: Attempt, guess: Guess): boolean {
  return [...layersOf(path)]
    .reverse()
    .every((layer) => allows(layer.returning, farEnd(layer, client, attempt, guess), attempt.clientPort, guess));
}

/** What a question comes to over all worlds. */
export function inEveryWorld(question: (guess: Guess) => boolean): 'yes' | 'no' | 'unsure' {
  const answers = new Set<boolean>();
  for (const answer of everyWorld(question)) {
    answers.add(answer);
    if (answers.size === 2) return 'unsure';
  }
  return answers.has(true) ? 'yes' : 'no';
}

/** The verdict for one client, attempt by attempt and world by world. */
export function verdictFor(path: Way, port: number, client: Address): Verdict {
  const fates = attemptsOf(path, client).map((attempt) =>
    inEveryWorld((guess) => arrives(path, port, client, attempt, guess) && returns(path, client, attempt, guess)),
  );
  if (fates.every((fate) => fate === 'no')) return 'unreachable';
  if (fates.every((fate) => fate === 'yes')) return 'reachable';
  return fates.includes('yes') ? 'partial' : 'unknown';
}

/** The share of the client's ports from which the reply surely gets back, where every layer sees the client itself. */
export function sureFraction(path: Way, client: Address): number {
  const all = clientPortsOf(path, client);
  const sure = all.filter(
    (clientPort) => inEveryWorld((guess) => returns(path, client, { clientPort, nodes: new Map() }, guess)) === 'yes',
  );
  return sure.length / all.length;
}
