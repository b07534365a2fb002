export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a JSON list, or undefined where the text is none. What is in it and is no object is left out. */
export function jsonObjects(text: string): readonly JsonObject[] | undefined {
  const parsed = parsedJson(text);
  return Array.isArray(parsed) ? parsed.filter(isObject) : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field's text; a number is written in decimal. Undefined for anything else. */
export function textField(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list. */
export function textsField(object: JsonObject, name: string): readonly string[] {
  const value = object[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function objectsField(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
