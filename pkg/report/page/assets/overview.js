// The overview: what was found, in numbers and charts, and what was left out.

function drawOverview() {
  forgetCharts();
  const box = $("#overview");
  const members = store.groups.reduce((n, g) => n + g.members.length, 0);
  const tile = (n, label, href, title) => {
    const content = [h("b", null, number(n)), h("span", null, label)];
    return href ? h("a", { class: "tile", href, title }, content) : h("div", { class: "tile", title }, content);
  };
  box.replaceChildren(...[
    h("h1", { id: "overview-title" }, t("title")),
    h("div", { class: "tiles" },
      tile(store.summary.articles, t("tileRead")), tile(store.articles.length, t("tilePaired")),
      tile(store.pairs.length, t("tilePairs"), link("pairs"), store.summary.candidates ? t("tileTried", number(store.summary.candidates)) : null),
      tile(store.groups.length, t("tileGroups"), link("groups")),
      tile(members - store.groups.length, t("tileSpare"), null, t("tileSpareWhat")),
      tile(store.rejects.length, t("tileRejected"))),
    store.pairs.length ? null : h("div", { class: "notice" }, h("h2", null, t("nothing")), h("p", null, t("nothingWhat"))),
    h("div", { class: "cards" }),
    store.rejects.length ? rejected() : null].filter(Boolean));
  const cards = $(".cards", box);
  if (!store.pairs.length) return;
  const card = (key, draw, note) => {
    const place = h("div", { class: "chart" });
    cards.append(h("section", { class: "card", id: "chart-" + key }, h("h2", null, t(key)), h("p", { class: "what" }, t(key + "What")), place, note ? h("p", { class: "note" }, note) : null));
    if (typeof draw === "function") chart(place, draw);
    else place.append(draw);
  };
  card("chartRelations", relationBars());
  card("chartScores", scoreColumns());
  if (store.groups.length) card("chartSizes", sizeColumns());
  const undated = store.pairs.filter((p) => p.delay === null).length;
  card("chartDelays", undated === store.pairs.length ? h("p", { class: "none" }, t("chartDelaysNone")) : delayColumns(),
    undated && undated < store.pairs.length ? t("chartDelaysUndated", tn("pairsN", undated)) : null);
  const copied = copying();
  card("chartMatrix", copied ? matrix(copied) : h("p", { class: "none" }, t("chartMatrixNone")));
}

const countBy = (items, key) => {
  const counts = new Map();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
};

function relationBars() {
  const counts = countBy(store.pairs, (p) => p.relation);
  return bars(t("chartRelations"), store.relations.filter((r) => counts.has(r) || r !== "related").map((relation) => {
    const value = counts.get(relation) ?? 0;
    return { label: t(relation), value, relation, href: value ? link("pairs", { relations: [relation] }) : null };
  }));
}

// scoreColumns goes from the lowest score to 1, in twenty steps of a round width.
function scoreColumns() {
  const lowest = store.pairs.reduce((low, p) => Math.min(low, p.score), 1);
  const width = [0.005, 0.01, 0.02, 0.025, 0.05].find((w) => (1 - lowest) / w <= 20) ?? 0.05;
  const count = Math.max(4, Math.ceil((1 - lowest) / width - 1e-9));
  const counts = Array.from({ length: count }, () => new Map());
  for (const p of store.pairs) {
    const bin = counts[Math.max(0, count - 1 - Math.floor((1 - p.score) / width + 1e-9))];
    bin.set(p.relation, (bin.get(p.relation) ?? 0) + 1);
  }
  const places = (x) => Number(x.toFixed(3));
  return columns(t("chartScores"), counts.map((bin, i) => {
    const from = places(1 - (count - i) * width), to = places(1 - (count - 1 - i) * width);
    return {
      label: `${number(from)} – ${number(to)}`, short: number(to), href: link("pairs", { min: from, max: to }),
      parts: store.relations.map((relation) => ({ relation, value: bin.get(relation) ?? 0 })),
    };
  }));
}

function sizeColumns() {
  const counts = countBy(store.groups, (g) => sizeBins.find((b) => g.members.length >= b.from && g.members.length <= b.to));
  const largest = Math.max(3, ...sizeBins.map((b, i) => (counts.get(b) ? i : 0)));
  return columns(t("chartSizes"), sizeBins.slice(0, largest + 1).map((b) => ({
    label: sizeLabel(b), href: link("groups", { size: sizeLabel(b) }), parts: [{ value: counts.get(b) ?? 0 }],
  })));
}

function delayColumns() {
  const counts = countBy(store.pairs, delayBin);
  return columns(t("chartDelays"), delayBins.map((b) => ({
    label: t(b.key), href: link("pairs", { delay: b.key }), parts: [{ value: counts.get(b) ?? 0 }],
  })), { slanted: true, height: 236 });
}

// rejected lists what was left out, some hundred at a time.
function rejected() {
  const step = 200, body = h("tbody");
  const more = h("button", { type: "button", class: "plain" });
  let shown = 0;
  const show = (n) => {
    for (const [origin, id, reason] of store.rejects.slice(shown, shown + n)) {
      body.append(h("tr", null, [origin, id, reason].map((x) => h("td", null, h("bdi", null, x)))));
    }
    shown = Math.min(store.rejects.length, shown + n);
    more.hidden = shown === store.rejects.length;
    more.textContent = t("showMore", number(Math.min(step, store.rejects.length - shown)));
  };
  more.addEventListener("click", () => show(step));
  show(step);
  return h("details", { class: "card wide", open: store.rejects.length <= 10 },
    h("summary", null, h("h2", null, `${t("rejects")} (${number(store.rejects.length)})`)), h("p", { class: "what" }, t("rejectsWhat")),
    h("div", { class: "scroll" }, h("table", { class: "rows" },
      h("thead", null, h("tr", null, ["origin", "id", "reason"].map((key) => h("th", { scope: "col" }, t(key))))), body)), more);
}
