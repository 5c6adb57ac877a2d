'use strict';
const assert = require('node:assert');
const { nextDepartures, board } = require('./board.js');

const timetable = [
  { line: '12', to: 'Harbour', time: '17:40' },
  { line: '4', to: 'Old Town', time: '9:05' },
  { line: '12', to: 'Harbour', time: '10:20' },
  { line: 'N1', to: 'Airport', time: '23:50' },
];

assert.deepStrictEqual(nextDepartures(timetable, '8:58', 2), [
  { line: '4', to: 'Old Town', wait: 7 },
  { line: '12', to: 'Harbour', wait: 82 },
]);
assert.deepStrictEqual(nextDepartures(timetable, '23:45', 2), [
  { line: 'N1', to: 'Airport', wait: 5 },
  { line: '4', to: 'Old Town', wait: 560 },
]);
assert.strictEqual(
  board(timetable, '9:05', 2),
  '   4  Old Town              now\n  12  Harbour        1 h 15 min',
);
console.log('check passed');
