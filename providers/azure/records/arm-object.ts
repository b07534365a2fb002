import { object as plainObject, type Read, type Shaped } from '../../../src/record/index.js';

type Json = Readonly<Record<string, unknown>>;
type Fields = Parameters<typeof plainObject>[0];

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * An object as ARM writes it, or `az`, or Resource Graph: what the one puts into `properties` stands beside the id in the others.
 * Members whose value is null count as absent: ARM means that they are not set.
 */
export function object<F extends Fields>(fields: F): Read<Shaped<F>> {
  const names = Object.keys(fields);
  const read = plainObject(fields);
  return (value, reading) => {
    if (!isObject(value)) return read(value, reading);
    const properties = isObject(value.properties) ? value.properties : {};
    const merged: Record<string, unknown> = {};
    for (const name of names) {
      const member = Object.hasOwn(properties, name) ? properties[name] : value[name];
      if (member !== null && member !== undefined) merged[name] = member;
    }
    return read(merged, reading);
  };
}
