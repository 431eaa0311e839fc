// Groups of copies: their list, and of one its timeline, its articles and its pairs.

const byTime = (x, y) => (x.published ?? Infinity) - (y.published ?? Infinity) || x.n - y.n || 0;

function groupRow(group) {
  const times = group.members.map((m) => m.published).filter((p) => p !== null);
  const sources = new Set(group.members.map((m) => m.source).filter((s) => store.sources[s]));
  const span = times.length > 1 ? times.reduce((x, y) => Math.max(x, y)) - times.reduce((x, y) => Math.min(x, y)) : 0;
  const codes = [...new Set(group.members.map((m) => m.lang || "?"))].sort();
  return [
    h("span", { class: "line top-line" }, h("b", null, tn("articles", group.members.length)), span ? h("span", { class: "faint" }, t("span", duration(span))) : null,
      h("span", { class: "score" }, codes.join(" "))),
    h("span", { class: "line" }, h("span", { class: "name" }, titleOf(group.keep))),
    h("span", { class: "line faint" }, sources.size > 1 ? t("ofSources", number(sources.size)) : sources.size === 1 ? h("bdi", null, store.sources[[...sources][0]]) : ""),
  ];
}

function drawGroup(n) {
  const box = $("#group");
  forgetCharts();
  if (n === null) {
    box.replaceChildren(h("p", { class: "choose" }, t("chooseGroup")));
    return;
  }
  const group = store.groups[n], w = group.weakest;
  const weakest = group.pairs.find((p) => p.a === w.a && p.b === w.b);
  const place = h("div", { class: "chart timeline" });
  const undated = group.members.filter((m) => m.published === null).length;
  const dated = undated < group.members.length;
  box.replaceChildren(
    h("header", { class: "pair-head" },
      h("button", { type: "button", class: "plain back", onclick: () => leaveDetail() }, "← " + t("back")),
      h("div", { class: "pair-title" }, h("h2", null, titleOf(group.keep)),
        h("span", { class: "steps" }, h("button", { type: "button", class: "plain", onclick: () => print(), title: t("print"), "aria-label": t("print") }, printer()))),
      h("p", { class: "pair-note" }, tn("articles", group.members.length), h("span", null, t("weakest") + (language === "fr" ? "\u00a0: " : ": "), weakest ? h("a", { href: link("pairs", { pair: weakest.n }), title: t("weakestWhat") }, t(w.relation), " ", score(w.score)) : [t(w.relation), " ", score(w.score)]))),
    h("section", null, h("h3", null, t("timeline")), dated ? place : h("p", { class: "none" }, t("timelineNone")),
      dated && undated ? h("p", { class: "note" }, t("timelineUndated", tn("articles", undated))) : null),
    h("section", null, h("h3", null, t("members")), memberTable(group)),
    h("section", null, h("h3", null, t("links")), linkList(group)));
  if (dated) chart(place, (width) => timeline(group, width));
  box.scrollTop = 0;
}

// lengthened shows the first of many rows, and a button for more.
function lengthened(rows, step, draw, box) {
  const more = h("button", { type: "button", class: "plain" });
  let at = 0;
  const show = (n) => {
    for (const row of rows.slice(at, at + n)) box.append(draw(row));
    at = Math.min(rows.length, at + n);
    more.hidden = at === rows.length;
    more.textContent = t("showMore", number(Math.min(step, rows.length - at)));
  };
  more.addEventListener("click", () => show(step));
  show(step);
  return more;
}

function memberTable(group) {
  const rows = [...group.members].sort(byTime), start = rows[0].published;
  const body = h("tbody");
  const more = lengthened(rows, 100, (a) => h("tr", { class: a === group.keep ? "kept" : null, "data-article": a.n },
    h("td", null, a.published === null ? h("span", { class: "faint" }, "–") : h("time", { datetime: new Date(a.published * 1000).toISOString() }, moment(a.published))),
    h("td", { class: "faint n" }, a.published !== null && a.published > start ? "+" + duration(a.published - start) : ""),
    h("td", null, h("span", { class: "code" }, a.lang || "?")),
    h("td", null, h("bdi", null, store.sources[a.source] || ""), a.agency ? [" ", h("span", { class: "agency" }, h("bdi", null, a.agency))] : null),
    h("td", { class: "wide" }, titleOf(a), " ", a === group.keep ? h("span", { class: "badge", title: t("keepWhat") }, "★ " + t("keep")) : null, h("div", { class: "faint id" }, h("bdi", null, a.id)))), body);
  return [h("div", { class: "scroll" }, h("table", { class: "rows members" }, body)), more];
}

function linkList(group) {
  const list = h("ul", { class: "links" });
  const more = lengthened([...group.pairs].sort((x, y) => y.score - x.score || x.n - y.n), 50, (pair) => h("li", null,
    h("a", { href: link("pairs", { pair: pair.n }) }, chip(pair.relation), h("span", { class: "score" }, score(pair.score)),
      h("span", { class: "names" }, h("span", null, titleOf(pair.a)), h("span", { "aria-hidden": "true" }, " ↔ "), h("span", null, titleOf(pair.b))))), list);
  return [list, more];
}

const mostLanes = 10, mostArcs = 250;

// timeline draws the articles of a group by time, in a lane for each source. Articles that
// would lie on each other are one larger dot; English is round, other languages square.
function timeline(group, width) {
  const dated = group.members.filter((m) => m.published !== null).sort(byTime);
  const counts = countBy(dated, (m) => m.source);
  const ranked = [...counts.keys()];
  const lanes = ranked.slice(0, ranked.length > mostLanes ? mostLanes - 1 : mostLanes);
  const laneOf = (m) => { const i = lanes.indexOf(m.source); return i < 0 ? lanes.length : i; };
  const laneCount = lanes.length < ranked.length ? lanes.length + 1 : lanes.length;
  const left = Math.min(150, Math.round(width * 0.25)), right = 24, laneHeight = 40, top = 8, low = 30;
  const height = top + laneCount * laneHeight + low;
  const from = dated[0].published, to = dated[dated.length - 1].published;
  const x = (p) => (to === from ? (left + width - right) / 2 : left + 12 + ((width - right - left - 12) * (p - from)) / (to - from));
  const y = (lane) => top + lane * laneHeight + laneHeight / 2;
  const dots = new Map();
  const keyOf = (m) => `${laneOf(m)}:${Math.round(x(m.published) / 8)}:${m.lang === "en"}`;
  for (const m of dated) dots.set(keyOf(m), [...(dots.get(keyOf(m)) ?? []), m]);
  const arcs = group.pairs.filter((p) => p.a.published !== null && p.b.published !== null).sort((p, q) => q.score - p.score).slice(0, mostArcs);
  const arc = (p) => {
    const [x1, y1, x2, y2] = [x(p.a.published), y(laneOf(p.a)), x(p.b.published), y(laneOf(p.b))];
    const bend = y1 === y2 ? Math.min(26, 8 + Math.abs(x2 - x1) / 8) : 0;
    return svg("path", { d: `M${x1} ${y1}Q${(x1 + x2) / 2} ${(y1 + y2) / 2 - bend} ${x2} ${y2}`, class: "arc", "data-relation": p.relation });
  };
  const dot = (members) => {
    const m = members[0], cx = x(m.published), cy = y(laneOf(m)), r = Math.min(13, 5 + Math.sqrt(members.length - 1) * 1.6);
    const kept = members.includes(group.keep);
    const label = members.length > 1 ? tn("articles", members.length) + ", " + moment(m.published) : `${m.title || m.id}, ${languageName(m.lang)}, ${moment(m.published)}` + (kept ? ", " + t("keep") : "");
    return bar(null, label, kept ? svg("circle", { cx, cy, r: r + 4, class: "halo" }) : null,
      m.lang === "en" ? svg("circle", { cx, cy, r, class: "en" }) : svg("rect", { x: cx - r, y: cy - r, width: 2 * r, height: 2 * r, rx: 2, class: "other" }),
      members.length > 1 ? textAt(cx, cy - r - 4, number(members.length), { "text-anchor": "middle", class: "value" }) : null);
  };
  const ticks = Math.max(2, Math.min(6, Math.floor((width - left) / 130))), span = to - from;
  const tick = (p) => (span >= 3 * day ? format("date").format(p * 1000) : new Intl.DateTimeFormat(language, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" }).format(p * 1000));
  const times = to === from ? [from] : Array.from({ length: ticks }, (_, i) => from + (span * i) / (ticks - 1));
  const cut = (name) => (name.length > left / 7.5 ? name.slice(0, Math.floor(left / 7.5) - 1) + "…" : name);
  return picture(width, height, t("timeline"),
    Array.from({ length: laneCount }, (_, lane) => [
      svg("line", { x1: left, x2: width - 4, y1: y(lane), y2: y(lane), class: "lane" }),
      textAt(left - 8, y(lane) + 4, cut(lane < lanes.length ? sourceName(lanes[lane]) : t("others")), { "text-anchor": "end" })]),
    times.map((p, i) => [
      svg("line", { x1: x(p), x2: x(p), y1: top, y2: height - low, class: "tick" }),
      textAt(x(p), height - 10, tick(p), { "text-anchor": times.length === 1 ? "middle" : i === 0 ? "start" : i === times.length - 1 ? "end" : "middle" })]),
    arcs.map(arc), [...dots.values()].map(dot));
}
