"use strict";
const { instant } = require("./times");

/** The posts of a feed's text. */
function parseFeed(text) {
  const posts = [];
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    try {
      posts.push(parsePost(line));
    } catch (error) {
      throw new Error(`line ${index + 1}: ${error.message}`);
    }
  });
  return posts;
}

/** One post, from its line. */
function parsePost(line) {
  const post = JSON.parse(line);
  if (post === null || typeof post !== "object" || Array.isArray(post)) throw new Error("not an object");
  if (!Number.isInteger(post.id) || post.id < 0) throw new Error("no id");
  if (post.reply != null && !Number.isInteger(post.reply)) throw new Error("reply is no id");
  if (typeof post.text !== "string") throw new Error("no text");
  instant(post.time);
  if (post.edited !== undefined) instant(post.edited);
  return post;
}

module.exports = { parseFeed, parsePost };
