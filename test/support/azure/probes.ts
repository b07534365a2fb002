import type { RandomSubscription } from './random-subscription.js';

/** The addresses at either side of every boundary that a prefix of the subscription makes, and one far from all. */
export function probesOf({ networks, groups, machines, admin, appliance }: RandomSubscription): readonly string[] {
  const rules = [...groups.flatMap(({ rules: own }) => own), ...admin];
  const texts = [
    ...rules.flatMap(({ sources, destinations }) => [...sources, ...destinations]),
    ...networks.flatMap(({ space, subnets }) => [
      ...space,
      ...subnets.flatMap(({ prefix, routes = [] }) => [prefix, ...routes.map((route) => route.prefix)]),
    ]),
    ...machines.flatMap(({ ip, shown, second }) => [
      ip,
      ...(shown ? [shown.address] : []),
      ...(second ? [second.ip] : []),
    ]),
  ];
  const edges = new Set(texts.filter((text) => /^\d/.test(text)).flatMap(edgesOf));
  return [...edges, '8.8.8.8', '10.9.9.9'].filter((one) => one !== appliance.ip);
}

/** The first and the last address of a prefix, and those beside them, as far as they are like those of machines and clients. */
function edgesOf(text: string): string[] {
  const [network = '', length = '32'] = text.split('/');
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(numberOf(network) / size) * size;
  const all = [first - 1, first, first + size - 1, first + size];
  return all.map(textOf).filter((one) => /^(?:10|198|203)\./.test(one));
}

/** `10.0.0.1` as one number. */
export function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
