'use strict';
const assert = require('node:assert');
const { slug } = require('./slug.js');

assert.strictEqual(slug('Opening hours'), 'opening-hours');
assert.strictEqual(slug('  Crème brûlée & Co. '), 'creme-brulee-co');
assert.strictEqual(slug('Große Straße'), 'grosse-strasse');
assert.strictEqual(slug('???'), 'page');
console.log('check passed');
