"use strict";
const assert = require("node:assert");
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const test = require("node:test");
const { merge } = require("../lib/merge");
const { page } = require("../lib/page");
const { parseFeed } = require("../lib/parse");
const { answers, roots } = require("../lib/threads");
const { format } = require("../lib/write");

const feeds = () => ["north", "south"].map((name) => parseFeed(fs.readFileSync(`data/${name}.ndjson`, "utf8")));

test("all posts are there, the newest first", () => {
  const texts = merge(feeds()).map((post) => post.text);
  assert.deepStrictEqual(texts, ["It came", "Still late", "Ferry is late", "Good morning", "Fog", "First post"]);
});

test("the command prints a line for each post", () => {
  const done = spawnSync(process.execPath, ["bin/merge.js", "data/north.ndjson", "data/south.ndjson"], { encoding: "utf8" });
  assert.strictEqual(done.stderr, "");
  assert.strictEqual(done.stdout.trim().split("\n").length, 6);
});

test("a broken line is told", () => {
  assert.throws(() => parseFeed('\n{"id": 1'), /^Error: line 2: /);
  assert.throws(() => parseFeed('{"id": 1.5, "time": "2024-05-01T08:00:00Z", "text": ""}'), /^Error: line 1: /);
});

test("pages", () => {
  const posts = merge(feeds());
  const first = page(posts, null, 4);
  assert.strictEqual(first.posts.length, 4);
  const second = page(posts, first.next, 4);
  assert.deepStrictEqual(second.posts.map((post) => post.text), ["Fog", "First post"]);
  assert.strictEqual(second.next, null);
});

test("threads", () => {
  const posts = merge(feeds());
  assert.strictEqual([...answers(posts).values()].flat().length, 2);
  assert.strictEqual(roots(posts).length, 4);
});

test("other keys are kept", () => {
  const post = merge(feeds()).find((one) => one.text === "Fog");
  assert.strictEqual(JSON.parse(format(post)).score, 0.5);
});
