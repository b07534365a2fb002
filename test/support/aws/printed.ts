/**
 * An SDK shape as the CLI prints it: dates are text. `satisfies Printed<VpnGateway>` rejects a field that the API does not
 * have and a value that it never returns.
 */
export type Printed<T> = T extends Date
  ? string
  : T extends readonly (infer Element)[]
    ? readonly Printed<Element>[]
    : T extends object
      ? { readonly [Field in keyof T]?: Printed<T[Field]> }
      : T;
