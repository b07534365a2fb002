export { checks } from './checks.js';
export { type Asking, componentText, describeCause } from './describe.js';
export { contradictionMeans, mismatchWords } from './diagnosis-words.js';
export { escapeJson, escapeText } from './escape.js';
export { gateText } from './gate-text.js';
export { layerWords } from './layers.js';
export { didYouMean } from './suggest.js';
