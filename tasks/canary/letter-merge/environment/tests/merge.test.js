'use strict';
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const test = require('node:test');
const { parse } = require('../lib/csv.js');

test('plain rows', () => {
  assert.deepStrictEqual(parse('a,b\n1,2\n'), [{ a: '1', b: '2' }]);
});

test('quoted fields', () => {
  assert.deepStrictEqual(parse('a,b\n"x, y","say ""hi"""\n'), [{ a: 'x, y', b: 'say "hi"' }]);
});

test('the letters', () => {
  const out = execFileSync('node', ['merge.js', 'letter.txt', 'people.csv'], { encoding: 'utf8' });
  assert.strictEqual(out, 'Dear Ann Field,\nyou still owe us 5 EUR.\n---\nDear Lopez, Maria,\nyou still owe us 12 EUR.\n');
});
