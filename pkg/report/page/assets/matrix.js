// Sources by sources: who published what another published later.

const mostSources = 12;

// copying counts, for every two sources, the pairs of which one came first. The sources with
// the most such pairs have a line of their own, the others one together, number -1.
function copying() {
  const counts = new Map(), weight = new Map();
  const add = (map, key, n) => map.set(key, (map.get(key) ?? 0) + n);
  for (const pair of store.pairs) {
    if (!pair.first || pair.relation === "related") continue;
    add(counts, pair.first.source + ">" + pair.later.source, 1);
    add(weight, pair.first.source, 1);
    add(weight, pair.later.source, 1);
  }
  const known = [...weight.keys()].filter((s) => store.sources[s]);
  if (!known.length) return null;
  const ranked = [...weight.keys()].sort((x, y) => weight.get(y) - weight.get(x) || x - y);
  const own = ranked.slice(0, ranked.length > mostSources ? mostSources - 1 : mostSources);
  const shown = own.length < ranked.length ? [...own, -1] : own;
  const cells = new Map();
  for (const [key, n] of counts) {
    const [first, later] = key.split(">").map(Number).map((s) => (own.includes(s) ? s : -1));
    add(cells, first + ">" + later, n);
  }
  return { shown, cells };
}

// matrix draws the counts as a table, which screen readers can walk.
function matrix({ shown, cells }) {
  const name = (s) => (s < 0 ? t("others") : sourceName(s));
  const most = Math.max(1, ...cells.values());
  const cell = (first, later) => {
    const n = cells.get(first + ">" + later) ?? 0;
    if (!n) return h("td", { class: "empty" }, "·");
    const step = Math.min(5, Math.ceil((5 * Math.log(1 + n)) / Math.log(1 + most)));
    const label = t("matrixOf", name(first), name(later), tn("pairsN", n));
    const content = first < 0 || later < 0 ? h("span", null, number(n)) : h("a", { href: link("pairs", { first, later }), "aria-label": label }, number(n));
    return h("td", { "data-step": step, title: label }, content);
  };
  return h("div", { class: "matrix" }, h("table", null,
    h("thead", null, h("tr", null, h("th", { class: "corner" }, h("span", null, t("first")), h("span", null, t("later"))),
      shown.map((s) => h("th", { scope: "col", title: name(s) }, h("span", null, h("bdi", null, name(s))))))),
    h("tbody", null, shown.map((first) => h("tr", null, h("th", { scope: "row", title: name(first) }, h("bdi", null, name(first))),
      shown.map((later) => cell(first, later)))))));
}
