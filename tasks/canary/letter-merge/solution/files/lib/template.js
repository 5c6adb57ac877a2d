'use strict';

/** A text with every {{column}} replaced. Throws for one that there is not. */
function fill(text, values) {
  return text.replace(/\{\{\s*(.*?)\s*\}\}/g, (_, name) => {
    if (!Object.hasOwn(values, name)) throw new Error(`unknown column: ${name}`);
    return values[name];
  });
}

module.exports = { fill };
