// The pictures. Each draws what Python counted; nothing is estimated here.
const ROW = 24;
const names = data.cells.map((cell) => cell.label);
const told = (cell) => `${cell.label}${cell.recommended ? ", recommended" : ""}${cell.baseline ? ", baseline" : ""}\npasses ${cell.said}\nbelief ${cell.belief}, seen ${cell.seen}${cell.tied ? ", maybe the best" : ""}`;
const labelRoom = (width, texts) => Math.min(width * 0.42, 16 + 7 * Math.max(...texts.map((text) => text.length)));

function along(drawing, x, from, to, bottom, format, count, caption) {
  for (const tick of x.ticks(count)) {
    drawing.append(stroke("grid", x(tick), from, x(tick), bottom), write(x(tick), bottom + 16, format(tick), { "text-anchor": "middle", class: "dim" }));
  }
  if (caption) drawing.append(write(to, bottom + 34, caption, { "text-anchor": "end", class: "dim" }));
}
function upright(drawing, y, left, right) {
  for (const tick of y.ticks(5)) drawing.append(stroke("grid", left, y(tick), right, y(tick)), write(left - 6, y(tick) + 4, percent(tick), { "text-anchor": "end", class: "dim" }));
}

function forest(holder) {
  const draw = (width) => {
    const left = labelRoom(width, names), right = width - 14, bottom = 8 + ROW * data.cells.length;
    const drawing = canvas(width, bottom + 24);
    const x = linear(0, top(data.cells.map((cell) => cell.high)), left, right);
    along(drawing, x, 4, right, bottom, percent, width < 500 ? 3 : 5);
    const marks = data.cells.map((cell, i) => {
      const y = 8 + ROW * (i + 0.5);
      const group = svg("g", { class: cell.tied ? "tied" : "" });
      group.append(write(left - 10, y + 4, shortened(cell.label, left - 14), { "text-anchor": "end", "font-weight": cell.recommended ? 700 : 400 }));
      if (cell.rate === null) return group.append(write(left + 6, y + 4, "not to be chosen from", { class: "dim" })), drawing.append(group), null;
      const node = svg("circle", { class: "dot", cx: x(cell.rate), cy: y, r: 5 });
      group.append(stroke("range", x(cell.low), y, x(cell.high), y), node);
      if (cell.recommended) group.append(svg("circle", { class: "ring", cx: x(cell.rate), cy: y, r: 9 }));
      drawing.append(group);
      return { x: x(cell.rate), y, text: told(cell), node };
    });
    return { drawing, marks: known(marks) };
  };
  figure(holder, null, draw);
}

function axes(holder) {
  if (!data.axes.length) return holder.append(el("p", {}, "Only one cell can be chosen from: no setting was varied."));
  for (const panel of data.axes) {
    const cells = panel.cells.map((place) => data.cells[place]);
    const draw = (width) => {
      const left = 48, right = width - (panel.tiers.length ? 40 : 12), bottom = 210;
      const drawing = canvas(width, bottom + 44);
      const y = linear(0, top(cells.map((cell) => cell.high)), bottom, 12);
      upright(drawing, y, left, right);
      const spread = panel.xs && new Set(panel.xs).size > 1 ? linear(Math.min(...panel.xs), Math.max(...panel.xs), left + 26, right - 26) : null;
      const x = (i) => (spread ? spread(panel.xs[i]) : cells.length > 1 ? left + 36 + (i * (right - left - 72)) / (cells.length - 1) : (left + right) / 2);
      const path = (rates) => rates.map((rate, i) => (rate === null ? "" : `${i && rates[i - 1] !== null ? "L" : "M"}${x(i)},${y(rate)}`)).join("");
      const taken = [];
      panel.tiers.forEach((tier, n) => {
        drawing.append(svg("path", { class: "tier", d: path(tier.rates), "stroke-dasharray": ["", "7 4", "7 3 2 3", "2 3"][n] }));
        const last = tier.rates.at(-1);
        if (last === null) return;
        let at = y(last) + 4;
        while (taken.some((other) => Math.abs(other - at) < 12)) at += 2;
        taken.push(at);
        drawing.append(write(right + 2, at, `tier ${tier.tier}`, { class: "dim", "font-size": 11 }));
      });
      if (panel.joined) drawing.append(svg("path", { class: "line", d: path(cells.map((cell) => cell.rate)) }));
      const marks = cells.map((cell, i) => {
        if (cell.rate === null) return null;
        const node = svg("circle", { class: "dot", cx: x(i), cy: y(cell.rate), r: 5 });
        drawing.append(svg("g", { class: "tied" }, stroke("range", x(i), y(cell.low), x(i), y(cell.high)), node,
          ...(cell.recommended ? [svg("circle", { class: "ring", cx: x(i), cy: y(cell.rate), r: 9 })] : [])));
        drawing.append(write(x(i), bottom + 17, shortened(panel.levels[i], (right - left) / cells.length + 12), { "text-anchor": "middle" }),
          cells.length > 1 && (right - left) / cells.length < 62 ? "" : write(x(i), bottom + 33, `${cell.seen}${cell.baseline ? " base" : ""}`, { "text-anchor": "middle", class: "dim", "font-size": 11 }));
        return { x: x(i), y: y(cell.rate), text: `${panel.name} ${panel.levels[i]}\n${told(cell)}`, node };
      });
      return { drawing, marks: known(marks) };
    };
    const table = () => ({ columns: [panel.name, "cell", "passes (95 %)", "seen", ...panel.tiers.map((tier) => `tier ${tier.tier}`)],
      rows: cells.map((cell, i) => [panel.levels[i], cell.label, cell.said, cell.seen, ...panel.tiers.map((tier) => percent(tier.rates[i]))]) });
    holder.append(figure(el("figure", { class: "chart" }), panel.name, draw, table));
  }
}

const BUDGETS = { turns: "turns", tokens: "tokens, input and output", seconds: "seconds of completions and actions" };
function budgets(holder) {
  const { curves, missing } = data.budgets;
  if (missing.length) holder.before(el("p", { class: "note" }, `No curve for ${missing.join("; ")}: no episode whose every turn is graded.`));
  if (!curves.length) return;
  const show = (found) => {
    holder.replaceChildren();
    for (const curve of found.kinds) {
      if (curve.budget.length > 1) holder.append(budgetFigure(curve));
      else holder.append(el("p", {}, `${curve.kind}: ${amount(curve.budget[0])} asked, so that nothing smaller could be tried: passes ${percent(curve.at[0])} (95 %: ${percent(curve.low[0])} to ${percent(curve.high[0])}).`));
    }
    for (const [kind, why] of Object.entries(found.absent)) holder.append(el("p", { class: "note" }, `No curve of ${kind}: ${why}.`));
    if (found.left_out) holder.append(el("p", { class: "note" }, `${found.left_out} episodes are left out, whose workspaces are not all graded.`));
  };
  holder.before(el("ul", { class: "key" }, el("li", {}, "line and band: passing at the budget, 95 %"), el("li", {}, "dashed: passed by then"), el("li", {}, "dotted: the smallest that cannot be told from the largest")));
  if (curves.length > 1) {
    const choice = el("select", {}, curves.map((one, i) => el("option", { value: i }, one.cell)));
    choice.addEventListener("change", () => show(curves[choice.value]));
    holder.before(el("label", { class: "filter" }, "Cell ", choice));
  } else holder.before(el("p", {}, curves[0].cell));
  show(curves[0]);
}
function budgetFigure(curve) {
  const text = (i) => `${amount(curve.budget[i])} ${curve.kind}\npassing at it ${percent(curve.at[i])} (${percent(curve.low[i])} to ${percent(curve.high[i])})\npassed by then ${percent(curve.by[i])}`;
  const draw = (width) => {
    const left = 48, right = width - 24, bottom = 210;
    const drawing = canvas(width, bottom + 24);
    const y = linear(0, top(curve.high), bottom, 12);
    upright(drawing, y, left, right);
    const [first, last] = [curve.budget[0], curve.budget.at(-1)];
    const x = first === last ? () => (left + right) / 2 : last / first > 20 ? logarithmic(first, last, left + 8, right - 8) : linear(Math.min(first, 0.02 * last), last, left + 8, right - 8);
    if (x.ticks) along(drawing, x, bottom, right, bottom, amount, width < 400 ? 3 : 5); else drawing.append(write(x(), bottom + 16, amount(first), { "text-anchor": "middle" }));
    const path = (values) => values.map((value, i) => `${i ? "L" : "M"}${x(curve.budget[i])},${y(value)}`).join("");
    const back = curve.low.map((value, i) => `L${x(curve.budget[i])},${y(value)}`).reverse().join("");
    drawing.append(svg("path", { class: "band", d: `${path(curve.high)}${back}Z` }), stroke("enough", x(curve.budget[curve.enough]), 12, x(curve.budget[curve.enough]), bottom),
      svg("path", { class: "by", d: path(curve.by) }), svg("path", { class: "line", d: path(curve.at) }));
    const marks = curve.budget.map((value, i) => {
      const node = svg("circle", { class: "dot", cx: x(value), cy: y(curve.at[i]), r: 4 });
      drawing.append(svg("g", { class: "tied" }, node));
      return { x: x(value), y: y(curve.at[i]), text: text(i), node };
    });
    return { drawing, marks };
  };
  const table = () => ({ columns: [curve.kind, "passing at it", "from", "to", "passed by then", ""],
    rows: curve.budget.map((value, i) => [amount(value), percent(curve.at[i]), percent(curve.low[i]), percent(curve.high[i]), percent(curve.by[i]), i === curve.enough ? "suffices" : ""]) });
  return figure(el("figure", { class: "chart" }), `${BUDGETS[curve.kind]}${curve.rises ? ": still rising at the largest" : ""}`, draw, table);
}

function costs(holder) {
  for (const cost of data.costs) {
    if (!known(cost.values).length) { if (cost.kind !== "dollars") holder.append(el("p", { class: "note" }, cost.note)); continue; }
    const draw = (width) => {
      const left = 48, right = width - 24, bottom = 230;
      const drawing = canvas(width, bottom + 40);
      const shown = data.cells.map((cell, i) => ({ cell, i, value: cost.values[i] })).filter((one) => one.value !== null && one.cell.rate !== null);
      const values = shown.map((one) => one.value);
      const y = linear(0, top(shown.map((one) => one.cell.high)), bottom, 12);
      const x = either(Math.min(...values) * 0.9, Math.max(...values) * 1.06, left, right);
      upright(drawing, y, left, right);
      along(drawing, x, 12, right, bottom, amount, width < 400 ? 3 : 5, cost.name);
      drawing.append(svg("path", { class: "front", d: cost.front.map((place, n) => (n ? `H${x(cost.values[place])}V${y(data.cells[place].rate)}` : `M${x(cost.values[place])},${y(data.cells[place].rate)}`)).join("") }));
      const marks = shown.map(({ cell, i, value }) => {
        const node = svg("circle", { class: "dot", cx: x(value), cy: y(cell.rate), r: 5 });
        drawing.append(svg("g", { class: cell.tied ? "tied" : "" }, stroke("range", x(value), y(cell.low), x(value), y(cell.high)), node,
          ...(cell.recommended ? [svg("circle", { class: "ring", cx: x(value), cy: y(cell.rate), r: 9 })] : [])));
        return { x: x(value), y: y(cell.rate), text: `${told(cell)}\n${cost.said[i]} ${cost.kind}${cost.front.includes(i) ? ", on the Pareto front" : ""}`, node };
      });
      return { drawing, marks };
    };
    const table = () => ({ columns: ["cell", cost.name, "passes (95 %)", "Pareto front"],
      rows: data.cells.map((cell, i) => [cell.label, cost.said[i], cell.said, cost.front.includes(i) ? "on it" : ""]) });
    holder.append(figure(el("figure", { class: "chart" }), `${cost.kind}: green line, Pareto front; ring, recommended`, draw, table));
  }
}

function clocks(holder) {
  const parts = [["by cell", data.clocks.cells], ["by turn", data.clocks.turns], ["by size of the prompt", data.clocks.sizes]];
  for (const [name, groups] of parts) {
    const shown = groups.filter((group) => group.quantiles);
    if (!shown.length) { holder.append(el("p", { class: "note" }, `No TTFT ${name} was observed.`)); continue; }
    const draw = (width) => {
      const left = labelRoom(width, shown.map((group) => group.name)), right = width - 64, bottom = 8 + ROW * shown.length;
      const drawing = canvas(width, bottom + 40);
      const x = either(Math.min(...shown.map((group) => group.quantiles[0])), Math.max(...shown.map((group) => group.quantiles[4])), left, right);
      along(drawing, x, 4, right, bottom, amount, right - left < 260 ? 2 : 4, x(0) > -1e9 && Number.isFinite(x(0)) ? "seconds" : "seconds, log scale");
      const marks = shown.map((group, i) => {
        const y = 8 + ROW * (i + 0.5), [low, lower, median, upper, high] = group.quantiles.map(x);
        const node = svg("rect", { class: "box", x: lower, y: y - 7, width: Math.max(1, upper - lower), height: 14 });
        drawing.append(svg("g", { class: group.cold ? "cold" : "" }, write(left - 10, y + 4, shortened(group.name, left - 14), { "text-anchor": "end" }),
          stroke("whisker", low, y, high, y), node, stroke("median", median, y - 8, median, y + 8), write(right + 8, y + 4, `n ${group.count.toLocaleString("en")}`, { class: "dim", "font-size": 11 })));
        return { x: median, y, node, text: `${group.name}: ${group.count.toLocaleString("en")} turns\nmedian ${amount(group.quantiles[2])} s, p95 ${amount(group.quantiles[4])} s` };
      });
      return { drawing, marks };
    };
    const table = () => ({ columns: [name.slice(3), "turns", "p5", "p25", "median", "p75", "p95"], rows: groups.map((group) => [group.name, group.count.toLocaleString("en"), ...(group.quantiles || Array(5).fill(null)).map(amount)]) });
    holder.append(figure(el("figure", { class: "chart" }), name, draw, table));
  }
  if (data.clocks.unknown) holder.append(el("p", { class: "note" }, `TTFT was not observed in ${data.clocks.unknown.toLocaleString("en")} turns.`));
}

const ENDS = [["passed", "passed"], ["turn", "turn ceiling"], ["token", "token ceiling"], ["context", "context ceiling"], ["capability", "capability"], ["faults", "faults"]];
function ends(holder) {
  const draw = (width) => {
    const left = labelRoom(width, names), right = width - 14, bottom = 8 + ROW * data.cells.length;
    const drawing = canvas(width, bottom + 24);
    const totals = data.cells.map((cell) => ENDS.reduce((sum, [kind]) => sum + cell[kind], 0));
    const x = linear(0, Math.max(1, ...totals), left, right);
    along(drawing, x, 4, right, bottom, amount, width < 500 ? 3 : 6);
    const marks = [];
    data.cells.forEach((cell, i) => {
      const y = 8 + ROW * (i + 0.5);
      let at = 0;
      drawing.append(write(left - 10, y + 4, shortened(cell.label, left - 14), { "text-anchor": "end", "font-weight": cell.recommended ? 700 : 400 }));
      for (const [kind, name] of ENDS) {
        if (!cell[kind]) continue;
        const node = svg("rect", { class: `seg f-${kind}`, x: x(at), y: y - 8, width: x(at + cell[kind]) - x(at), height: 16 });
        drawing.append(node);
        marks.push({ x: (x(at) + x(at + cell[kind])) / 2, y, node, text: `${cell.label}\n${cell[kind]} ${name}` });
        at += cell[kind];
      }
    });
    const key = el("ul", { class: "key" }, ENDS.filter(([kind]) => data.cells.some((cell) => cell[kind])).map(([kind, name]) => el("li", {}, el("i", { class: `f-${kind}` }), name)));
    return { drawing, marks, key };
  };
  const table = () => ({ columns: ["cell", ...ENDS.map(([, name]) => name)], rows: data.cells.map((cell) => [cell.label, ...ENDS.map(([kind]) => String(cell[kind]))]) });
  figure(holder, null, draw, table);
  if (data.slips.length) {
    const table = plainTable({ columns: ["cell", ...data.slips.map((slip) => slip.name)], rows: names.map((name, i) => [name, ...data.slips.map((slip) => String(slip.counts[i]))]) });
    $("slips").append(el("h3", {}, "Turns with slips"), table);
  }
}

const CHARTS = { forest, axes, budgets, costs, clocks, ends };
for (const holder of document.querySelectorAll("[data-chart]")) CHARTS[holder.dataset.chart](holder);
performance.mark("drawn");
