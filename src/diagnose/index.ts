export {
  type Candidate,
  type Contradiction,
  type DiagnosisEvidence,
  diagnose,
  type Excluded,
  type Expectation,
} from './diagnose.js';
export { signsOfState, signsOfSteps } from './passed.js';
