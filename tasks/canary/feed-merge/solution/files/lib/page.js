"use strict";

/** The posts of a feed that come after the one with the id `before` (a text, or null for the beginning). */
function page(posts, before, size) {
  let start = 0;
  if (before !== null) {
    const index = posts.findIndex((post) => String(post.id) === before);
    start = index < 0 ? posts.length : index + 1;
  }
  const shown = posts.slice(start, start + size);
  const more = shown.length > 0 && start + size < posts.length;
  return { posts: shown, next: more ? String(shown[shown.length - 1].id) : null };
}

module.exports = { page };
