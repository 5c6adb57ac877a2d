// Sorting, filtering, the field of tasks and cells, the theme.
function sortKey(text) {
  const plain = text.replace(/\u2212/g, "-").replace(/[,%!\s>]/g, "");
  if (/^\d+\/\d+$/.test(plain)) { const [passed, of] = plain.split("/"); return of === "0" ? null : passed / of; }
  const found = plain.match(/^-?\d+(\.\d+)?/);
  return found ? Number(found[0]) : null;
}
function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = el("button", { type: "button" }, head.textContent);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const words = !head.classList.contains("n");
      const key = (row) => (words ? row.cells[column].textContent : sortKey(row.cells[column].textContent));
      const rows = [...table.tBodies[0].rows].sort((one, other) => {
        const [a, b] = [key(one), key(other)];
        if (a === null || b === null) return (a === null) - (b === null); // what is unknown stays last
        return (words ? a.localeCompare(b, "en", { numeric: true }) : a - b) * (down ? -1 : 1);
      });
      table.tBodies[0].append(...rows);
    });
  });
}
document.querySelectorAll("table.sortable").forEach(sortable);

const filter = $("cell-filter");
filter.parentElement.hidden = data.cells.length < 5;
filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of $("cell-table").tBodies[0].rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
});

const ORDERS = {
  "by name": (a, b) => data.heat.tasks[a].localeCompare(data.heat.tasks[b], "en", { numeric: true }),
  "hardest first": (a, b) => share(a) - share(b),
  "where cells differ most first": (a, b) => apart(b) - apart(a),
};
const rates = (task) => data.heat.passes[task].map((passed, cell) => (data.heat.attempts[task][cell] ? passed / data.heat.attempts[task][cell] : null));
function share(task) { const all = known(rates(task)); return all.length ? all.reduce((a, b) => a + b, 0) / all.length : 2; }
function apart(task) { const all = known(rates(task)); return all.length ? Math.max(...all) - Math.min(...all) : -1; }

function heat(order) {
  const tasks = data.heat.tasks.map((_, i) => i).sort(ORDERS[order]);
  const body = tasks.map((task) => el("tr", {}, el("th", { scope: "row" }, data.heat.tasks[task].split("/").at(-1), data.heat.tiers[task] ? ` (${data.heat.tiers[task]})` : ""),
    rates(task).map((rate, cell) => el("td", { class: rate === null ? "none" : `h${Math.round(10 * rate)}`, tabindex: "-1", "data-task": task, "data-cell": cell },
      rate === null ? "\u2013" : `${data.heat.passes[task][cell]}/${data.heat.attempts[task][cell]}`))));
  const table = el("table", {}, el("caption", {}, "In brackets: the task's tier. Darker (lighter in the dark theme): a larger share passed."),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "task"), data.cells.map((cell) => el("th", { scope: "col", class: cell.recommended ? "chosen" : null }, el("span", {}, cell.label))))), el("tbody", {}, body));
  const fields = table.tBodies[0].rows;
  fields[0]?.cells[1]?.setAttribute("tabindex", "0");
  const open = (field) => { if (!field.classList.contains("none")) listEpisodes({ task_id: data.heat.tasks[field.dataset.task], cell_id: data.cells[field.dataset.cell].id }); };
  table.addEventListener("click", (event) => { const field = event.target.closest("td"); if (field) open(field); });
  table.addEventListener("keydown", (event) => {
    const field = event.target.closest("td");
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (field && event.key === "Enter") open(field);
    if (!field || !step) return;
    event.preventDefault();
    const next = fields[field.parentElement.sectionRowIndex + step[0]]?.cells[field.cellIndex + step[1]];
    if (next?.tagName !== "TD") return;
    field.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
  return el("div", { class: "scroll", role: "region", "aria-label": "Tasks by cell" }, table);
}
{
  const choice = el("select", {}, Object.keys(ORDERS).map((name) => el("option", {}, name)));
  const holder = el("div");
  // After the pictures: a field is thousands of cells, and it is far down.
  addEventListener("load", () => setTimeout(() => holder.replaceChildren(heat(choice.value)), 20));
  choice.addEventListener("change", () => holder.replaceChildren(heat(choice.value)));
  $("heat").append(el("label", { class: "filter" }, "Tasks ", choice), holder);
}

{
  const button = $("theme");
  const dark = () => (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const tell = () => { button.textContent = dark() ? "light theme" : "dark theme"; };
  button.hidden = false;
  tell();
  button.addEventListener("click", () => { document.documentElement.dataset.theme = dark() ? "light" : "dark"; tell(); });
}
