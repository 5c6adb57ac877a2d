"use strict";

const SHAPE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The milliseconds since 1970 of a text such as 2024-05-01T10:00:00+02:00. */
function instant(text) {
  const found = SHAPE.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(found)) throw new Error(`not a time: ${text}`);
  return found;
}

module.exports = { instant };
