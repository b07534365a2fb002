import { type CauseCode, knownCauses, type Sign, type Step } from '../model/index.js';

const ofListener = knownCauses.filter(({ place }) => place === 'listener').map(({ code }) => code);

/** Which causes a layer of a machine would have signed for, by its kind: where all such layers let a client through, they are none. */
const decidedBy: Readonly<Record<string, readonly CauseCode[]>> = {
  listener: ofListener,
  'host-firewall': [
    'host/firewall-drops',
    'host/firewall-rejects',
    'host/firewall-resets',
    'host/firewall-prohibits',
    'host/firewall-prohibits-ipv6',
    'host/firewall-net-unreachable',
    'host/firewall-protocol-unreachable',
    'host/firewall-drops-replies',
    'host/firewall-early',
    'host/rate-limit',
    'host/banned',
  ],
  'return-route': ['host/no-return-route'],
  'reverse-path': ['host/reverse-path-filter'],
  'tcp-wrappers': ['host/tcp-wrappers', 'host/tcp-wrappers-text'],
};

/** In which way the port has no listener: one of these, and no other. */
const states: readonly CauseCode[] = [
  'host/no-listener',
  'host/other-port',
  'host/listener-loopback-only',
  'host/listener-other-address',
  'host/listener-ipv4-only',
  'host/listener-ipv6-only',
  'host/port-taken',
];

/** What a listener that is not there says of the other ways not to be there. */
export function signsOfState(code: string, line: string, at: string): Sign[] {
  if (!states.some((one) => one === code)) return [];
  return states.filter((one) => one !== code).map((other) => ({ code: other, says: 'excludes', at, line }));
}

/** What the layers that a client passes say of the causes that they would have been. */
export function signsOfSteps(steps: readonly Step[]): Sign[] {
  return Object.entries(decidedBy).flatMap(([kind, codes]): Sign[] => {
    const own = steps.filter(({ layer }) => layer === kind);
    const [first] = own;
    if (!first || own.some(({ effect }) => effect !== 'passes')) return [];
    return codes.map((code) => ({ code, says: 'excludes', at: first.component.id, line: first.text }));
  });
}
