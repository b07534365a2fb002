import { type Effect, layersOf, type Reason, type Way } from '../model/index.js';
import type { AddressSet } from '../set/index.js';
import { compileFor } from './compiled.js';
import { effectOf } from './effect.js';

/**
 * What becomes of the answer that a layer gives to these clients when it refuses them: it has to go back through every layer
 * before. `depends` where that is not known, or differs among them.
 */
export function answerEffect(way: Way, layer: number, answer: NonNullable<Reason['answer']>, from: AddressSet): Effect {
  const clients = way.clientPorts.where(from);
  const effects = new Set<Effect>();
  for (const { answers, returning, seen } of layersOf(way).slice(0, layer)) {
    const filter = answers?.[answer] ?? returning;
    if (!filter || seen) continue;
    const ofLayer = compileFor(filter, 'returning', from).filter(({ traffic }) => traffic.overlaps(clients));
    const own = new Set(ofLayer.map(({ outcomes }) => effectOf(outcomes)));
    const [only] = own;
    if (only === 'stops' && own.size === 1) return 'stops';
    for (const effect of own) effects.add(effect);
  }
  return [...effects].every((effect) => effect === 'passes') ? 'passes' : 'depends';
}
