export { CloudPlan, type GateQuestion } from './deployment.js';
export { findingOf } from './finding.js';
export { type GateReport, gate } from './gate.js';
export type { Sources } from './sources.js';
