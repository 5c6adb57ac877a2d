'use strict';
const fs = require('node:fs');
const { parse } = require('./lib/csv.js');
const { fill } = require('./lib/template.js');

const [letter, people] = process.argv.slice(2).map((name) => fs.readFileSync(name, 'utf8'));
const texts = parse(people).map((person) => fill(letter, person));
process.stdout.write(texts.join('---\n'));
