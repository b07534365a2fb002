export * from './command.js';
export * from './gaps.js';
export * from './memo.js';
export * from './notation.js';
export * from './shape.js';
export * from './store.js';
export * from './words.js';
