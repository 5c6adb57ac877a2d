'use strict';

/** The rows of a CSV text as objects by column. */
function parse(text) {
  const [head, ...lines] = text.trim().split('\n').map((line) => line.split(','));
  return lines.map((fields) => Object.fromEntries(head.map((name, i) => [name, fields[i]])));
}

module.exports = { parse };
