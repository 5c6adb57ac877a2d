"use strict";
const { instant } = require("./times");

const LARGEST = 2n ** 63n - 1n;
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

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
  const written = ownNumbers(line);
  post.id = id(written.get("id"));
  if (post.reply != null) post.reply = id(written.get("reply"));
  if (typeof post.text !== "string") throw new Error("no text");
  instant(post.time);
  if (post.edited !== undefined) instant(post.edited);
  return post;
}

function id(digits) {
  if (digits === undefined || !/^\d+$/.test(digits) || BigInt(digits) > LARGEST) throw new Error("no id");
  return BigInt(digits);
}

/** How the numbers of the outermost object are written, by key: JSON.parse would round them. */
function ownNumbers(line) {
  const found = new Map();
  const tokens = line.match(TOKENS);
  let depth = 0;
  tokens.forEach((token, index) => {
    if ("{[".includes(token)) depth += 1;
    else if ("}]".includes(token)) depth -= 1;
    else if (token === ":" && depth === 1) found.set(JSON.parse(tokens[index - 1]), tokens[index + 1]);
  });
  return found;
}

module.exports = { parseFeed, parsePost };
