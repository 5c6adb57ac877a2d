"use strict";

/** A post as a line of a feed, without its end. */
function format(post) {
  const parts = Object.entries(post).map(([key, value]) => {
    // JSON has no way to write a BigInt, though its digits are a number of JSON.
    const text = typeof value === "bigint" ? String(value) : JSON.stringify(value);
    return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
  });
  return `{${parts.flat().join(",")}}`;
}

module.exports = { format };
