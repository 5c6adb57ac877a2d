'use strict';
const assert = require('node:assert');
const test = require('node:test');
const { Queue } = require('../lib/queue.js');

test('in the order of adding', async () => {
  const queue = new Queue(async () => {});
  for (const name of ['a', 'b', 'c']) queue.add(name);
  await queue.idle();
  assert.deepStrictEqual(queue.log, ['a', 'b', 'c']);
});

test('higher priorities first', async () => {
  const queue = new Queue(async () => {});
  queue.pause();
  queue.add('low');
  queue.add('high', { priority: 5 });
  queue.resume();
  await queue.idle();
  assert.deepStrictEqual(queue.log, ['high', 'low']);
});

test('failed for good', async () => {
  const queue = new Queue(async (name) => { if (name === 'bad') throw new Error('no'); }, { attempts: 2 });
  queue.add('bad');
  queue.add('good');
  await queue.idle();
  assert.deepStrictEqual(queue.failed, ['bad']);
});
