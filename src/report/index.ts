export { auditText } from './audit-text.js';
export { diffText } from './diff-text.js';
export { explainText } from './explain-text.js';
export { diffJson, reportJson } from './json.js';
export { type Paint, plain } from './paint.js';
export { probeJson } from './probe-json.js';
export { probeText } from './probe-text.js';
export { problemText } from './problem-text.js';
