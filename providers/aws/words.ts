import type { Words } from '../../src/record/index.js';

export { type Held, held, wordIn } from '../../src/record/index.js';

/** Of a route table with a subnet, of a range with its VPC or subnet. */
export const associationState: Words = {
  yes: ['associated', 'associating'],
  no: ['disassociating', 'disassociated', 'failing', 'failed'],
};
export const interfaceAttachment: Words = { yes: ['attached'], no: ['attaching', 'detaching', 'detached'] };
/** `available` is what the service says, `attached` what its model says. */
export const gatewayAttachment: Words = { yes: ['available', 'attached'], no: ['attaching', 'detaching', 'detached'] };
export const peeringStatus: Words = {
  yes: ['active'],
  no: [
    'initiating-request',
    'pending-acceptance',
    'provisioning',
    'failed',
    'rejected',
    'expired',
    'deleting',
    'deleted',
  ],
};
export const byoipState: Words = {
  yes: ['advertised'],
  no: [
    'provisioned',
    'provisioned-not-publicly-advertisable',
    'pending-provision',
    'failed-provision',
    'pending-advertising',
    'pending-withdrawal',
    'deprovisioned',
    'pending-deprovision',
    'failed-deprovision',
  ],
};
export const exclusionState: Words = {
  yes: ['create-complete', 'update-complete'],
  no: [
    'create-failed',
    'update-failed',
    'delete-in-progress',
    'delete-complete',
    'disable-in-progress',
    'disable-complete',
  ],
};
export const exclusionMode: Words = { yes: ['allow-bidirectional'], no: ['allow-egress'] };
export const publicAccessState: Words = { yes: ['default-state', 'update-complete'], no: [] };
export const balancerType: Words = { yes: ['network'], no: ['application', 'gateway'] };
export const balancerScheme: Words = { yes: ['internet-facing'], no: ['internal'] };
/** Listeners that hand on a plain TCP connection; the others speak TLS or something else with the client themselves. */
export const tcpListener: Words = {
  yes: ['TCP', 'TCP_UDP', 'TCP_QUIC'],
  no: ['TLS', 'UDP', 'QUIC', 'HTTP', 'HTTPS', 'GENEVE'],
};
export const endpointState: Words = {
  yes: ['create-complete', 'update-complete'],
  no: ['create-failed', 'delete-in-progress', 'delete-complete', 'delete-failed'],
};
