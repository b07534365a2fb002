/** The type of a resource, as all its spellings have it in common. */
export interface Token {
  /** `aws`, `aws-native`, `gcp`, `azure-native`, `azure`; of an unknown provider what it says. */
  readonly pkg: string;
  /** `ec2`, `compute`, `network`. */
  readonly module: string;
  readonly name: string;
  /** Of azure-native, where the program names one: `v20240501`. */
  readonly apiVersion?: string;
}

const VERSION = /^v\d{8}(?:preview|privatepreview|beta)?$/;

/** Modules that were renamed; programs and states of before still have the old names (pulumi-aws, aliases). */
const renamed: ReadonlyMap<string, string> = new Map([
  ['aws:elasticloadbalancingv2', 'lb'],
  ['aws:applicationloadbalancing', 'alb'],
]);

/** The package of a locally generated one, `azure-native_network_v20240501`, and of its predecessor. */
function packageOf(pkg: string): string {
  if (pkg === 'azure-nextgen' || pkg.startsWith('azure-native_')) return 'azure-native';
  return pkg;
}

/**
 * Reads `aws:ec2/instance:Instance`, `aws-native:ec2:Instance`, `azure-native:network/v20240501:NetworkInterface`.
 * @returns undefined for what is no type of a resource
 */
export function tokenOf(type: string): Token | undefined {
  const [own, path, name, ...more] = type.split(':');
  if (!own || !path || !name || more.length > 0) return undefined;
  const pkg = packageOf(own);
  const [first = '', last] = path.split('/');
  const module = renamed.get(`${pkg}:${first}`) ?? first;
  return { pkg, module, name, ...(last !== undefined && VERSION.test(last) && { apiVersion: last }) };
}

/** `aws:ec2:Instance`: the same for every spelling of a type. */
export function keyOfToken({ pkg, module, name }: Token): string {
  return `${pkg}:${module}:${name}`;
}
