/** Resources as `az` prints them: what ARM and Resource Graph put into `properties` stands beside the id. */
type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deeper than that no answer of ARM is. */
const deepest = 32;

/** The value with every `properties` merged into its owner; members whose value is null are left out: ARM means that they are not set. */
export function flat(value: unknown, depth = 0): unknown {
  if (depth > deepest) return value;
  if (Array.isArray(value)) return value.map((item) => flat(item, depth + 1));
  if (!isObject(value)) return value;
  const { properties, ...own } = value;
  const merged = isObject(properties) ? { ...own, ...properties } : value;
  const members: [string, unknown][] = [];
  for (const [name, member] of Object.entries(merged))
    if (member !== null) members.push([name, flat(member, depth + 1)]);
  return Object.fromEntries(members);
}
