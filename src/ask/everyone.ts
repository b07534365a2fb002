import { internet, type Path } from '../model/index.js';
import { AddressSet } from '../set/index.js';

/** Every source that can exist for these paths: the internet on its own path, and whoever is on the private ones. */
export function everyoneFor(paths: readonly Path[]): AddressSet {
  return AddressSet.unionOf(
    paths.map((path) => (path.kind === 'internet' ? path.origin.intersect(internet) : path.origin)),
  );
}
