export * from './shape.js';
export * from './store.js';
