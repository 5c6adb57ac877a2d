"use strict";

/** A post as a line of a feed, without its end. */
function format(post) {
  return JSON.stringify(post);
}

module.exports = { format };
