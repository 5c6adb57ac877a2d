'use strict';

/** A text with every {{column}} replaced. */
function fill(text, values) {
  for (const name of Object.keys(values)) {
    text = text.replace('{{' + name + '}}', values[name]);
  }
  return text;
}

module.exports = { fill };
