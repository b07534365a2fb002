import { awsTypes } from './aws-types.mjs';
import { azureType } from './azure-types.mjs';
import { digest } from './digest.mjs';
import { gcpType } from './gcp-types.mjs';

/**
 * How a type behaves, each part of it optional: `name` is the property in which the provider writes a name where the program gives
 * none; `id` makes the cloud's id, and `computed` the other properties that it gives back where the program says nothing; it gives
 * back no input of `inputsOnly`, and the others as `filled` makes them.
 */
function typeOf({ type }) {
  if (type.startsWith('aws:')) return awsTypes[type] ?? {};
  if (type.startsWith('gcp:')) return gcpType(type);
  if (type.startsWith('azure-native:')) return azureType(type);
  return {};
}

/** The inputs as Check answers them. */
export function namedInputs(resource) {
  const key = typeOf(resource).name;
  if (key === undefined || resource.inputs[key] !== undefined) return resource.inputs;
  return { ...resource.inputs, [key]: `${resource.name}-${digest(resource.urn).slice(0, 7)}` };
}

/** The same for the same resource and inputs, so that a stack can be compared from run to run. */
export function idOf(resource) {
  const seed = `${resource.urn} ${JSON.stringify(resource.inputs)}`;
  const { id } = typeOf(resource);
  return id === undefined ? digest(seed).slice(0, 17) : id(resource, seed);
}

/** What the cloud makes up, `id` included. */
export function computedOf(resource, id) {
  return { ...typeOf(resource).computed?.(id, resource), id };
}

/** The inputs that the cloud gives back; `known` turns what it makes up in them into what is known of it. */
export function returnedInputs(resource, id, known = (value) => value) {
  const { inputsOnly = [], filled = (inputs) => inputs } = typeOf(resource);
  const kept = Object.entries(resource.inputs).filter(([key]) => !inputsOnly.includes(key));
  return filled(Object.fromEntries(kept), id, known);
}
