"use strict";
// Elements, scales, and what makes the marks of a picture reachable by pointer and keyboard. Text is only ever set as text.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {}))
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}
const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const percent = (share) => (share === null ? "n/a" : `${Math.round(100 * share)} %`);
function amount(value) {
  if (value === null || value === undefined) return "n/a";
  if (value === 0 || Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return value < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}
const known = (values) => values.filter((value) => value !== null && value !== undefined);
// Rates start at 0 and end at 25, 50 or 100 %, as in the plots: low rates can be read too.
const top = (rates) => [0.25, 0.5].find((end) => Math.max(0, ...known(rates)) <= end) || 1;

function linear(from, to, start, end) {
  const scale = (value) => start + ((value - from) / (to - from || 1)) * (end - start);
  scale.ticks = (count) => ticks(from, to, count);
  return scale;
}
function ticks(from, to, count) {
  const rough = (to - from || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = [1, 2, 5, 10].find((one) => one * power >= rough) * power;
  const found = [];
  for (let at = Math.ceil(from / unit); at * unit <= to + unit / 1e6; at++) found.push(at * unit);
  return found;
}
function logarithmic(from, to, start, end) {
  const inner = linear(Math.log10(from), Math.log10(to), start, end);
  const scale = (value) => inner(Math.log10(value));
  scale.ticks = () => {
    const found = [];
    const steps = to / from > 500 ? [1] : to / from > 30 ? [1, 3] : [1, 2, 5];
    for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power++)
      for (const step of steps) if (step * 10 ** power >= from * 0.999 && step * 10 ** power <= to * 1.001) found.push(step * 10 ** power);
    return found;
  };
  return scale;
}
// Where the longest is more than 20 times the shortest, a linear scale would hide the short ones.
const either = (from, to, start, end) =>
  from > 0 && to / from > 20 ? logarithmic(from, to, start, end) : linear(0, to, start, end);

// One tab stop a picture: arrows go from mark to mark, the pointer takes the nearest.
function reachable(drawing, marks) {
  let at = -1;
  const tip = $("tip");
  const leave = () => { tip.hidden = true; marks[at]?.node?.classList.remove("now"); at = -1; };
  const show = (next) => {
    if (next === at) return;
    marks[at]?.node?.classList.remove("now");
    at = next;
    marks[at].node?.classList.add("now");
    tip.textContent = marks[at].text;
    tip.hidden = false;
    const box = drawing.getBoundingClientRect();
    const view = drawing.viewBox.baseVal;
    const x = box.left + (marks[at].x / view.width) * box.width, y = box.top + (marks[at].y / view.height) * box.height;
    tip.style.left = `${Math.max(4, Math.min(x + 12, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${y - tip.offsetHeight - 12 < 44 ? y + 16 : y - tip.offsetHeight - 12}px`;
  };
  if (!marks.length) return;
  drawing.setAttribute("tabindex", "0");
  drawing.addEventListener("pointermove", (event) => {
    const box = drawing.getBoundingClientRect();
    const view = drawing.viewBox.baseVal;
    const x = ((event.clientX - box.left) / box.width) * view.width, y = ((event.clientY - box.top) / box.height) * view.height;
    const far = marks.map((mark) => Math.hypot(mark.x - x, mark.y - y));
    const nearest = far.indexOf(Math.min(...far));
    if (far[nearest] < 60) show(nearest); else leave();
  });
  drawing.addEventListener("pointerleave", leave);
  drawing.addEventListener("blur", leave);
  drawing.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") leave();
    if (!step && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    if (event.key === "Home") show(0);
    else if (event.key === "End") show(marks.length - 1);
    else show(at < 0 ? (step > 0 ? 0 : marks.length - 1) : (at + step + marks.length) % marks.length);
  });
}

// A figure that is drawn for the width it has, again when that changes, with its numbers as a table beside it.
function figure(holder, caption, draw, table) {
  const place = el("div");
  if (caption) holder.prepend(el("figcaption", {}, caption));
  holder.append(place);
  let width = 0;
  const redraw = () => {
    const now = Math.floor(place.clientWidth);
    if (!now || now === width) return;
    width = now;
    const found = draw(now);
    found.drawing.setAttribute("role", "img");
    found.drawing.setAttribute("aria-label", `${holder.querySelector("figcaption").textContent}. Arrow keys read the marks; the numbers are in the table below.`);
    place.replaceChildren(found.drawing, ...(found.key ? [found.key] : []));
    reachable(found.drawing, found.marks);
  };
  new ResizeObserver(redraw).observe(place);
  redraw();
  if (table) {
    const details = el("details", {}, el("summary", {}, "as a table"));
    details.addEventListener("toggle", () => { if (details.open && details.children.length === 1) details.append(plainTable(table())); });
    holder.append(details);
  }
  return holder;
}

function plainTable({ columns, rows }) {
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Numbers of the picture" },
    el("table", {}, el("thead", {}, el("tr", {}, columns.map((name, i) => el("th", { scope: "col", class: i ? "n" : null }, name)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((text, i) => i ? el("td", { class: "n" }, text) : el("th", { scope: "row" }, text)))))));
}

const canvas = (width, height) => svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
const write = (x, y, text, more) => svg("text", { x, y, ...more }, text);
const stroke = (kind, x1, y1, x2, y2) => svg("line", { class: kind, x1, y1, x2, y2 });
function shortened(text, width) {
  const most = Math.max(6, Math.floor(width / 6.4));
  return text.length > most ? `${text.slice(0, most - 1)}\u2026` : text;
}
