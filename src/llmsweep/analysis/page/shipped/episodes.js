// The list of episodes and the reader of one. Both are packed, and opened when they are looked at.
const PER_PAGE = 50;
async function unpacked(id) {
  const bytes = Uint8Array.from(atob($(id).textContent.trim()), (letter) => letter.charCodeAt(0));
  return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text());
}
const opened = new Map();
const block = (number) => opened.get(number) || opened.set(number, unpacked(`transcripts-${number}`)).get(number);

let all = null;
const wanted = { task_id: "", cell_id: "", outcome: "", ceiling: "", stop: "", readable: false };
let page = 0;
const controls = {};
const cellName = (id) => data.cells.find((cell) => cell.id === id)?.label || id;
const word = (column, i) => all.words[column][all[column][i]];
const outcome = (i) => (all.passed[i] === null ? `unscored (${word("fault", i)})` : all.passed[i] ? "passed" : "failed");

function matching() {
  const found = [];
  for (let i = 0; i < all.key.length; i++)
    if ((!wanted.task_id || word("task_id", i) === wanted.task_id) && (!wanted.cell_id || word("cell_id", i) === wanted.cell_id) &&
      (!wanted.outcome || outcome(i).startsWith(wanted.outcome)) && (!wanted.ceiling || word("ceiling", i) === wanted.ceiling) &&
      (!wanted.stop || word("stop", i) === wanted.stop) && (!wanted.readable || all.place[i])) found.push(i);
  return found;
}

function row(i) {
  const task = word("task_id", i).split("/").at(-1);
  const read = el("button", { type: "button", "aria-label": `${all.place[i] ? "read" : "how to read"} ${all.key[i]}, ${task}` }, all.place[i] ? "read" : "how to read");
  read.addEventListener("click", () => reader(i, read));
  return el("tr", {}, el("th", { scope: "row" }, task), el("td", {}, cellName(word("cell_id", i))), el("td", { class: "n" }, all.repeat[i]),
    el("td", { class: outcome(i).split(" ")[0] }, outcome(i)), el("td", {}, word("ceiling", i) || ""), el("td", {}, word("stop", i)),
    el("td", { class: "n" }, all.turns[i]), el("td", { class: "n" }, amount(all.tokens[i])), el("td", { class: "n" }, amount(all.seconds[i])),
    el("td", {}, el("code", {}, all.key[i])), el("td", {}, read));
}
const HEADS = [["task", 0], ["cell", 0], ["repeat", 1], ["outcome", 0], ["ceiling", 0], ["stop", 0], ["turns", 1], ["tokens", 1], ["s", 1], ["key", 0], ["transcript", 0]];
function refresh() {
  const found = matching();
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
  page = Math.max(0, Math.min(page, pages - 1));
  controls.body.replaceChildren(...found.slice(page * PER_PAGE, (page + 1) * PER_PAGE).map(row));
  controls.count.textContent = `${found.length.toLocaleString("en")} of ${all.key.length.toLocaleString("en")} episodes, page ${page + 1} of ${pages.toLocaleString("en")}`;
  controls.back.disabled = page === 0;
  controls.on.disabled = page === pages - 1;
}
function choice(name, label, options) {
  const select = el("select", {}, el("option", { value: "" }, "any"), options.map(([value, text]) => el("option", { value }, text)));
  select.addEventListener("change", () => { wanted[name] = select.value; page = 0; refresh(); });
  controls[name] = select;
  return el("label", { class: "filter" }, `${label} `, select);
}
async function build() {
  all = await unpacked("all-episodes");
  const same = (words) => words.filter(Boolean).map((one) => [one, one]);
  const readable = el("input", { type: "checkbox" });
  readable.addEventListener("change", () => { wanted.readable = readable.checked; page = 0; refresh(); });
  controls.body = el("tbody");
  controls.count = el("p", { role: "status" });
  controls.back = el("button", { type: "button" }, "earlier");
  controls.on = el("button", { type: "button" }, "later");
  controls.back.addEventListener("click", () => { page--; refresh(); });
  controls.on.addEventListener("click", () => { page++; refresh(); });
  $("episode-list").replaceChildren(
    choice("task_id", "Task", all.words.task_id.map((task) => [task, task.split("/").at(-1)])), choice("cell_id", "Cell", all.words.cell_id.map((id) => [id, cellName(id)])),
    choice("outcome", "Outcome", same(["passed", "failed", "unscored"])), choice("ceiling", "Ceiling", same(all.words.ceiling)), choice("stop", "Stop", same(all.words.stop)),
    ...(document.getElementById("transcripts-0") ? [el("label", { class: "filter" }, readable, " with a transcript here")] : []),
    el("div", { class: "pager" }, controls.count, controls.back, controls.on),
    el("div", { class: "scroll", role: "region", "aria-label": "Table of episodes", tabindex: "0" }, el("table", {}, el("thead", {}, el("tr", {}, HEADS.map(([name, right]) => el("th", { scope: "col", class: right ? "n" : null }, name)))), controls.body)));
  refresh();
}
let built = null;
const ready = () => (built ||= build());
async function listEpisodes(chosen) {
  await ready();
  Object.assign(wanted, { task_id: "", cell_id: "", outcome: "", ceiling: "", stop: "", ...chosen });
  for (const name of ["task_id", "cell_id", "outcome", "ceiling", "stop"]) controls[name].value = wanted[name];
  page = 0;
  refresh();
  $("episodes").scrollIntoView();
  controls.task_id.focus({ preventScroll: true });
}
// Soon, but after the pictures: the list is far down.
addEventListener("load", () => setTimeout(ready, 50));

// Control characters and marks that turn the direction of writing are shown as such, as in the terminal.
const visible = (text) => String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
const said = (text) => el("pre", {}, visible(text));
const folded = (name, text) => el("details", {}, el("summary", {}, name), said(text));
const TITLES = { system: "system prompt", user: "to the model", tool: "result" };

function callText(call) {
  try {
    const values = JSON.parse(call[1] || "{}");
    if (values === null || typeof values !== "object" || Array.isArray(values)) throw new TypeError();
    return Object.entries(values).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`).join("\n");
  } catch { return call[1]; }
}
function spoken(message, turns, number) {
  if (message.role !== "assistant") {
    const long = message.role === "system" || message.content.length > 4000;
    return el("div", { class: "said" }, el("h3", {}, TITLES[message.role]), long ? folded(`${message.content.split("\n").length} lines`, message.content) : said(message.content));
  }
  const turn = turns[number];
  const parts = turn ? [turn[0] === null ? null : `${amount(turn[0])} tokens in`, turn[1] === null ? null : `${amount(turn[1])} out`, turn[2] === null ? null : `TTFT ${amount(turn[2])} s`, `${amount(turn[3])} s`,
    ["stop", "tool_calls"].includes(turn[4]) ? null : `ended by ${turn[4]}`, turn[5].length ? `slips: ${turn[5].join(", ").replace(/_/g, " ")}` : null] : [];
  return el("div", { class: "said assistant" }, el("h3", {}, `turn ${number + 1}: ${known(parts).join(", ")}`), message.reasoning ? folded("reasoning", message.reasoning) : null,
    message.content.trim() ? said(message.content) : null, (message.calls || []).map((call) => [el("h3", {}, `\u2192 ${visible(call[0])}`), said(callText(call))]).flat());
}

async function reader(i, from) {
  const dialog = $("reader");
  const command = `llmsweep results episode ${all.key[i]} ${data.folder}`;
  $("reader-title").textContent = `${word("task_id", i)}, repeat ${all.repeat[i]}: ${outcome(i)}`;
  const facts = [el("p", {}, `${cellName(word("cell_id", i))}; stop ${word("stop", i)}${word("ceiling", i) ? `, ceiling ${word("ceiling", i)}` : ""}; ${all.turns[i]} turn${all.turns[i] === 1 ? "" : "s"}, ${amount(all.tokens[i])} tokens, ${amount(all.seconds[i])} s`)];
  if (all.place[i]) {
    const [number, entry] = all.place[i];
    const one = (await block(number))[entry];
    let turn = 0;
    facts.push(...one.messages.map((message) => spoken(message, one.turns, message.role === "assistant" ? turn++ : turn)));
    if (!one.messages.length) facts.push(el("p", {}, "Its transcript cannot be read."));
    if (one.error) facts.push(el("h3", {}, "fault"), said(one.error));
    const parts = Object.entries(one.milestones);
    if (parts.length) facts.push(el("h3", {}, "milestones"), el("ul", {}, parts.map(([name, held]) => el("li", {}, `${visible(name)}: ${percent(held)}`))));
  } else facts.push(el("p", {}, "Its transcript is not in this file."));
  facts.push(el("p", { class: "note" }, "In the terminal: ", el("code", {}, command)));
  $("reader-text").replaceChildren(...facts);
  dialog.showModal();
  dialog.scrollTop = 0;
  dialog.addEventListener("close", () => from.focus(), { once: true });
}
$("reader-close").addEventListener("click", () => $("reader").close());
