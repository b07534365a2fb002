export { answerEffect } from './answer.js';
export { assess } from './assess.js';
export { closestRule } from './closest.js';
export { firstMatch, type Share } from './first-match.js';
export { type Asked, judge } from './judge.js';
export { type Row, rowSums, type Summary, stopsEveryone, summarise } from './summarise.js';
