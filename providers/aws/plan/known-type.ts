import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { planTypeOf } from './identity.js';

/** Modules of which only some types may open a port, hold a machine or lead a packet, by what those are called. */
const mixed: ReadonlySet<string> = new Set(['ec2', 'vpc', 'lightsail', 'lb', 'alb', 'autoscaling', 'index']);
const looksLikeOne =
  /firewall|rule|instance|network|group|port|fleet|listener|attachment|balancer|gateway|route|peering|endpoint|vpn|cidr|subnet|^lb/i;

/** Modules that are about nothing else. */
const whole: ReadonlySet<string> = new Set([
  'directconnect',
  'ec2transitgateway',
  'elasticloadbalancing',
  'elasticloadbalancingv2',
  'elb',
  'globalaccelerator',
  'networkfirewall',
  'networkmanager',
  'vpclattice',
]);

/** What only names, measures, copies or secures, whatever it is called. */
const harmless =
  /policy|certificate|cookie|trafficmirror|insights|metering|subscription|metadata|notification|options|placementgroup|customergateway|endpointservice|privatedns|permission|reservation|snapshot|tag$|truststore|allowedprinciple|schedule|hook|ipam|device$|site$|link$|location/i;

/** Whether a type is one of AWS's that is understood; `looks like one` where it is not and may matter to who gets in. */
export function knows(record: PlanRecord): 'yes' | 'no' | 'looks like one' {
  if (planTypeOf(record)) return 'yes';
  const { pkg, module = '', name = '' } = record.token ?? {};
  if ((pkg !== 'aws' && pkg !== 'aws-native') || harmless.test(name)) return 'no';
  return whole.has(module) || (mixed.has(module) && looksLikeOne.test(name)) ? 'looks like one' : 'no';
}
