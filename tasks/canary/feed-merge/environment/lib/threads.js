"use strict";

/** A Map from an id to the posts that answer it. */
function answers(posts) {
  const found = new Map();
  for (const post of posts) {
    if (!post.reply) continue;
    if (!found.has(post.reply)) found.set(post.reply, []);
    found.get(post.reply).push(post);
  }
  return found;
}

/** The posts that answer nothing. */
function roots(posts) {
  return posts.filter((post) => !post.reply);
}

/** The largest id. */
function latestId(posts) {
  return posts.length ? Math.max(...posts.map((post) => post.id)) : null;
}

module.exports = { answers, latestId, roots };
