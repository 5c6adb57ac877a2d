"use strict";

/** Several feeds into one, the newest post first. */
function merge(feeds) {
  const byId = {};
  for (const post of feeds.flat()) {
    const other = byId[post.id];
    if (other === undefined || version(post) > version(other)) byId[post.id] = post;
  }
  return Object.values(byId).sort(newestFirst);
}

function version(post) {
  return post.edited ?? post.time;
}

function newestFirst(a, b) {
  if (a.time === b.time) return b.id - a.id;
  return a.time < b.time ? 1 : -1;
}

module.exports = { merge };
