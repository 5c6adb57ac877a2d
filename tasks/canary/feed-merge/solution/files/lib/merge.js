"use strict";
const { instant } = require("./times");

/** Several feeds into one, the newest post first. */
function merge(feeds) {
  const byId = new Map();
  for (const post of feeds.flat()) {
    const other = byId.get(post.id);
    if (other === undefined || version(post) > version(other)) byId.set(post.id, post);
  }
  return [...byId.values()].sort(newestFirst);
}

function version(post) {
  return instant(post.edited ?? post.time);
}

function newestFirst(a, b) {
  const later = instant(b.time) - instant(a.time);
  if (later !== 0) return later;
  return a.id < b.id ? 1 : -1;
}

module.exports = { merge };
