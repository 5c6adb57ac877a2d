"use strict";
const fs = require("node:fs");
const { parseArgs } = require("node:util");
const { merge } = require("../lib/merge");
const { page } = require("../lib/page");
const { parseFeed } = require("../lib/parse");
const { format } = require("../lib/write");

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { size: { type: "string" }, before: { type: "string" } },
  });
  const feeds = positionals.map((path) => parseFeed(fs.readFileSync(path, "utf8")));
  const all = merge(feeds);
  const size = values.size === undefined ? all.length : Number(values.size);
  const shown = page(all, values.before ?? null, size);
  for (const post of shown.posts) console.log(format(post));
  if (shown.next !== null) console.error(`next: ${shown.next}`);
}

try {
  main();
} catch (error) {
  console.error(`merge: ${error.message}`);
  process.exitCode = 1;
}
