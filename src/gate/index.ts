export { cloudOfPlan } from './cloud.js';
export type { GateQuestion } from './deployment.js';
export { Gate } from './gate.js';
export { Sources } from './sources.js';
