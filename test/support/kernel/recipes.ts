import { betweenRecipes } from './recipes/between.js';
import { clientRecipes } from './recipes/client.js';
import { daemonRecipes } from './recipes/daemon.js';
import { filterRecipes } from './recipes/filter.js';
import { listenerRecipes } from './recipes/listener.js';
import { loginRecipes } from './recipes/login.js';
import { machineRecipes } from './recipes/machine.js';
import { nameRecipes } from './recipes/names.js';
import type { Recipe } from './recipes/recipe.js';
import { serviceRecipes } from './recipes/service.js';
import { waitingRecipes } from './recipes/waiting.js';

/** Every cause that can be arranged here. */
export const recipes: readonly Recipe[] = [
  ...listenerRecipes,
  ...filterRecipes,
  ...daemonRecipes,
  ...betweenRecipes,
  ...clientRecipes,
  ...serviceRecipes,
  ...loginRecipes,
  ...machineRecipes,
  ...waitingRecipes,
  ...nameRecipes,
];
