import { GROUP } from './ids.js';
import type { Json, JsonRecord } from './kinds.js';

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `az` prints the properties of a resource and of everything in it beside its id; those of a service tag and of a set of prefixes stay. */
export function flattened(record: JsonRecord): JsonRecord {
  const { properties, ...rest } = record;
  const keeps =
    'systemService' in (isRecord(properties) ? properties : {}) || /\/addressPrefixSets\//.test(String(record.id));
  const flat = isRecord(properties) && !keeps ? { ...rest, ...properties } : record;
  return mapped(flat, flattened);
}

/** `az` adds the resource group to everything that has an id. */
export function withResourceGroup(record: JsonRecord): JsonRecord {
  const inner = mapped(record, withResourceGroup);
  return typeof inner.id === 'string' && inner.id.includes('/resourceGroups/')
    ? { ...inner, resourceGroup: GROUP }
    : inner;
}

function mapped(record: JsonRecord, edit: (inner: JsonRecord) => JsonRecord): JsonRecord {
  const value = (json: Json | undefined): Json | undefined => {
    if (Array.isArray(json)) return json.map((item) => value(item) ?? null);
    return isRecord(json) ? edit(json) : json;
  };
  return Object.fromEntries(Object.entries(record).map(([key, json]) => [key, value(json)]));
}
