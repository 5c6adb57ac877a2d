'use strict';
const fs = require('node:fs');
const { parse } = require('./lib/csv.js');
const { fill } = require('./lib/template.js');

const [letter, people] = process.argv.slice(2).map((name) => fs.readFileSync(name, 'utf8'));
try {
  const { columns, rows } = parse.table(people);
  fill(letter, Object.fromEntries(columns.map((name) => [name, ''])));
  process.stdout.write(rows.map((person) => fill(letter, person)).join('---\n'));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
