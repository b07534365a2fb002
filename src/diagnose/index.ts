export { causesByCode, knownCauses } from './causes/index.js';
export {
  type Candidate,
  type Contradiction,
  type Diagnosis,
  type DiagnosisEvidence,
  diagnose,
  type Excluded,
  type Expectation,
} from './diagnose.js';
export type { CausePlace, KnownCause, Look } from './known-cause.js';
export { signsOfState, signsOfSteps } from './passed.js';
