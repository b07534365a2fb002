import fc from 'fast-check';
import type { Layer, Seen, Way } from '../../src/model/index.js';
import { type Address, AddressSet, TrafficSet } from '../../src/set/index.js';
import { allowList, filter, lenientFilter } from './random-filter.js';
import { addresses, everyAddress, portSetOf, ports, setOf } from './universe.js';

const layerFilter = fc.oneof(
  { weight: 6, arbitrary: lenientFilter },
  { weight: 1, arbitrary: allowList },
  { weight: 1, arbitrary: filter },
);

/** A layer that sees the clients themselves, on the way in, on the way back, or both. */
export const directLayer: fc.Arbitrary<Layer> = fc
  .record(
    {
      kind: fc.constant('network-acl'),
      subject: fc.constant({ kind: 'network-acl', id: 'acl-1' }),
      inbound: layerFilter,
      returning: layerFilter,
      port: fc.constantFrom(...ports),
    },
    { requiredKeys: ['kind', 'subject'] },
  )
  .filter(({ inbound, returning }) => inbound !== undefined || returning !== undefined);

const aFew = fc.subarray([...addresses], { minLength: 1, maxLength: 3 });

/** What a layer sees behind a translation: nodes of its own, or an appliance that may keep the client's address. */
function seenBy(clients: readonly Address[]): fc.Arbitrary<Seen> {
  const gap = { code: 'aws/mbx-inspected', kind: 'not-modelled', what: 'eni-1', detail: 'it may rewrite' } as const;
  return fc.oneof(
    fc.record({ addresses: aFew.map(setOf), choice: fc.constant('each') }),
    fc.record({
      addresses: aFew.map((others) => setOf([...clients, ...others])),
      choice: fc.constant('any'),
      gap: fc.constant(gap),
    }),
  );
}

/** One set of client ports for most, another one for some. */
const clientPorts: fc.Arbitrary<TrafficSet> = fc
  .tuple(
    fc.subarray([...ports], { minLength: 1 }),
    fc.subarray([...ports], { minLength: 1 }),
    fc.subarray([...addresses]).map(setOf),
  )
  .map(([most, some, others]) =>
    TrafficSet.of(AddressSet.all.subtract(others), portSetOf(most)).union(TrafficSet.of(others, portSetOf(some))),
  );

function pathOf(origin: fc.Arbitrary<AddressSet>, layers: fc.Arbitrary<Layer[]>): fc.Arbitrary<Way> {
  return fc.record({
    kind: fc.constant('internet'),
    origin,
    family: fc.constant(4),
    clientPorts,
    rows: layers.map((row) => [row]),
  });
}

/** Who asks or comes a way: mostly everybody. */
export const someClients: fc.Arbitrary<AddressSet> = fc.oneof(
  fc.constantFrom(AddressSet.all, everyAddress),
  fc.subarray([...addresses]).map(setOf),
);

/** A path of one to five layers that all see the clients themselves. */
export const directPath = pathOf(someClients, fc.array(directLayer, { minLength: 1, maxLength: 5 }));

/** A path on which only replies are stopped, so that everything turns on the ports of the clients. */
export const replyPath = pathOf(
  someClients,
  fc.array(
    fc.record({
      kind: fc.constant('network-acl'),
      subject: fc.constant({ kind: 'network-acl', id: 'acl-1' }),
      returning: layerFilter,
    }),
    { minLength: 2, maxLength: 3 },
  ),
);

/** A path of a few clients on which one or two layers see somebody else. */
export const translatedPath = aFew.chain((clients) => {
  const translated = fc.tuple(directLayer, seenBy(clients)).map(([layer, seen]): Layer => ({ ...layer, seen }));
  const layers = fc.tuple(
    fc.array(directLayer, { maxLength: 2 }),
    fc.array(translated, { minLength: 1, maxLength: 2 }),
    fc.array(directLayer, { maxLength: 1 }),
  );
  return pathOf(
    fc.constant(setOf(clients)),
    layers.map((parts) => parts.flat()),
  );
});
