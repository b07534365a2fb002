export { auditText } from './audit-text.js';
export { explainText } from './explain-text.js';
export { reportJson } from './json.js';
export { type Paint, plain } from './paint.js';
export { problemText } from './problem-text.js';
