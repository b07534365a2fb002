export { cloudOfPlan } from './cloud.js';
export { CloudPlan, type GateQuestion } from './deployment.js';
export { findingOf } from './finding.js';
export { Gate, type Requirement } from './gate.js';
export { Sources } from './sources.js';
