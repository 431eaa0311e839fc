// One pair: the verdict, the two texts, and what counted.

const letters = ["A", "B"];

// facts is the line of what is known of an article.
function facts(a) {
  const parts = [];
  if (store.sources[a.source]) parts.push(h("bdi", null, store.sources[a.source]));
  parts.push(languageName(a.lang));
  parts.push(a.published === null ? h("span", { class: "faint" }, t("undated")) : h("time", { datetime: new Date(a.published * 1000).toISOString() }, moment(a.published)));
  if (a.agency) parts.push(h("span", { class: "agency", title: t("agency") }, h("bdi", null, a.agency)));
  return h("span", { class: "facts" }, parts.map((p, i) => [i ? " · " : "", p]));
}

const titleOf = (a) => h("bdi", { lang: a.lang || null }, a.title || a.id);

// meter is a share as a bar with its number.
const meter = (share, label) => h("span", { class: "meter", title: label }, h("span", { class: "groove", "aria-hidden": "true" }, h("span", { class: "level", style: { width: 100 * share + "%" } })), percent(share));

function pairRow(pair) {
  const line = (a) => h("span", { class: "line" }, h("span", { class: "code" }, a.lang || "?"), h("span", { class: "name" }, titleOf(a)), h("span", { class: "origin" }, h("bdi", null, store.sources[a.source] || "")));
  return [
    h("span", { class: "line top-line" }, chip(pair.relation), pair.delay ? h("span", { class: "faint" }, "+" + duration(pair.delay)) : null, h("span", { class: "score" }, score(pair.score))),
    line(pair.a), line(pair.b),
  ];
}

// order says which of the two came first.
function order(pair) {
  if (pair.delay === null) return null;
  if (pair.delay === 0) return t(pair.a.published % day === 0 || pair.b.published % day === 0 ? "sameDay" : "sameMoment");
  const [first, later] = pair.first === pair.a ? letters : [...letters].reverse();
  return t("laterBy", later, duration(pair.delay), first);
}

function articleHead(a, side, coverage) {
  const web = /^https?:\/\//i.test(a.url);
  return h("header", { class: "article-head" },
    h("h3", null, h("span", { class: "letter" }, letters[side]), titleOf(a)),
    h("p", null, facts(a)),
    h("p", { class: "faint id" }, h("bdi", null, a.id), web ? [" · ", h("a", { href: a.url, rel: "noreferrer noopener", target: "_blank" }, h("bdi", null, shortened(a.url)), " ↗")] : null),
    [["byline", a.byline], ["dateline", a.dateline]].filter(([, x]) => x).map(([key, x]) => h("p", { class: "faint" }, t(key) + (language === "fr" ? "\u00a0: " : ": "), h("bdi", null, x))),
    h("p", { class: "covered" }, t("coverage"), " ", meter(coverage)));
}

const shortened = (url) => (url.length > 60 ? url.slice(0, 59) + "…" : url);

let shownPair = null, shownAs = "", pairRuns = 0;

// looksOf tells a pair as it is shown from one that is shown otherwise.
const looksOf = (n) => [n, language, state.aligned].join();

// drawPair shows a pair, or that none is chosen. What is there already stays, and with it
// the focus and how far it is scrolled.
async function drawPair(n) {
  const box = $("#pair"), run = ++pairRuns;
  if (box.firstChild && shownAs === looksOf(n)) {
    box.removeAttribute("aria-busy");
    return;
  }
  if (n === null) {
    box.removeAttribute("aria-busy");
    shownPair = null;
    shownAs = looksOf(n);
    box.replaceChildren(h("p", { class: "choose" }, t("choosePair")));
    return;
  }
  const pair = store.pairs[n];
  box.setAttribute("aria-busy", "true");
  const [detail, textA, textB] = await Promise.all([store.details.row(n), store.texts.row(pair.a.n), store.texts.row(pair.b.n)]);
  if (run !== pairRuns) return;
  box.removeAttribute("aria-busy");
  const fresh = shownPair !== n;
  shownPair = n;
  shownAs = looksOf(n);
  const sides = [pair.a, pair.b].map((a, side) => ({ a, side, text: printable([textA, textB][side]), coverage: pair.coverage[side] }));
  box.replaceChildren(pairHead(pair), reasonsOf(detail), textsOf(pair, detail, sides), weighed(detail));
  if (fresh) box.scrollTop = 0;
  if (fresh) levelFirst(box);
  highlight(box);
}

function pairHead(pair) {
  const group = pair.a.group >= 0 && pair.a.group === pair.b.group ? store.groups[pair.a.group] : null;
  const button = (key, act, sign) => h("button", { type: "button", class: "plain", onclick: act, title: t(key), "aria-label": t(key) }, sign);
  return h("header", { class: "pair-head" },
    h("button", { type: "button", class: "plain back", onclick: () => leaveDetail() }, "← " + t("back")),
    h("div", { class: "pair-title" },
      h("h2", null, chip(pair.relation)),
      h("span", { class: "big", title: t("scoreWhat") }, score(pair.score)),
      h("span", { class: "what" }, t(pair.relation + ".what")),
      h("span", { class: "steps" }, button("previous", () => lists.pairs.move(-1), "↑"), button("next", () => lists.pairs.move(1), "↓"), button("print", () => print(), printer()))),
    h("p", { class: "pair-note" }, order(pair), group ? h("a", { href: link("groups", { group: group.n }) }, t("inGroup", tn("articles", group.members.length))) : null));
}

const reasonsOf = (detail) => {
  const sentences = detail.r[language === "fr" ? 1 : 0];
  return h("section", { class: "verdict" }, h("h3", { class: "sr" }, t("verdict")), h("p", null, printable(sentences.slice(0, -1).join(" ")), " ", h("strong", null, sentences[sentences.length - 1])));
};

// weighed is the table of the features, those that counted most first.
function weighed(detail) {
  const section = h("section", { class: "weighed" }, h("h3", null, t("weighed")));
  if (!detail.c) {
    section.append(h("p", { class: "what" }, t("weighedNone")));
    return section;
  }
  const rows = [];
  for (let i = 0; i < detail.c.c.length; i += 3) rows.push({ feature: detail.c.c[i], value: detail.c.c[i + 1] / 1000, adds: detail.c.c[i + 2] / 100 });
  const base = detail.c.b / 100, most = Math.max(...rows.map((r) => Math.abs(r.adds)), Math.abs(base), 0.01), few = 8;
  const body = h("tbody");
  const row = (words, value, adds, faint) => h("tr", { class: faint ? "faint" : null },
    h("th", { scope: "row" }, words), h("td", { class: "n" }, value),
    h("td", { class: "n" }, format("signed").format(adds)),
    h("td", { class: "adds", "aria-hidden": "true" }, h("span", { class: adds < 0 ? "against" : "for", style: { width: (50 * Math.abs(adds)) / most + "%" } })));
  const draw = (n) => body.replaceChildren(
    ...rows.slice(0, n).map((r) => row(store.summary.features[r.feature][language === "fr" ? 2 : 1], format("score").format(r.value), r.adds)),
    row(t("base"), "", base, true));
  const all = h("button", { type: "button", class: "plain", "aria-expanded": "false" }, t("showAll", rows.length));
  all.addEventListener("click", () => {
    const open = all.getAttribute("aria-expanded") === "true";
    draw(open ? few : rows.length);
    all.setAttribute("aria-expanded", String(!open));
    all.textContent = open ? t("showAll", rows.length) : t("showLess");
  });
  draw(few);
  section.append(h("p", { class: "what" }, t("weighedWhat")),
    h("table", { class: "features" }, h("thead", null, h("tr", null, h("th", { scope: "col" }, t("feature")), h("th", { scope: "col", class: "n" }, t("value")), h("th", { scope: "col", class: "n" }, t("adds")), h("th", { "aria-hidden": "true" }))), body),
    rows.length > few ? all : "", h("p", { class: "what" }, t("weighedSum", score(detail.c.p), score(detail.c.t))));
  return section;
}
