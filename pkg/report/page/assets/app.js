// The page as a whole: its address, filters, keyboard, colours, language and print.

const lists = {};
const wide = matchMedia("(min-width: 900px)");

// change goes to another state. What is merely leafed through leaves no history behind.
function change(changes, quiet) {
  const to = address({ ...state, ...changes });
  if (to === location.hash) return;
  if (quiet) {
    history.replaceState(null, "", to);
    Object.assign(state, readAddress(to));
  } else location.hash = to;
}

// follow shows the state of the address.
let before = {};
function follow() {
  before = { ...state };
  Object.assign(state, readAddress(location.hash));
  draw(false);
}

// draw shows the state; all of it, or what differs from the one before.
function draw(all) {
  const is = (...keys) => all || keys.some((k) => String(before[k]) !== String(state[k]));
  for (const view of views) $("#" + view).hidden = view !== state.view;
  for (const tab of $$(".tabs a")) {
    if (tab.dataset.view === state.view) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  const box = $("#q");
  if (box.value !== state.q) box.value = state.q;
  if (searched.query !== state.q) search(state.q, drawFound);
  if (state.view === "overview" && is("view")) drawOverview();
  if (state.view === "pairs") {
    if (is("view", "relations", "min", "max", "lang", "source", "first", "later", "delay", "q", "sort")) {
      drawFilters();
      drawPairs();
    }
    if (is("view", "pair", "aligned")) drawPair(state.pair);
  }
  if (state.view === "groups") {
    if (is("view", "size", "source", "q")) drawGroups();
    if (is("view", "group")) drawGroup(state.group);
  }
  $("#pairs").classList.toggle("open", state.pair !== null);
  $("#groups").classList.toggle("open", state.group !== null);
  before = { ...state };
}

// drawFound follows a search that finds more.
function drawFound() {
  if (state.view === "pairs") drawPairs();
  if (state.view === "groups") drawGroups();
  if (state.view === "pairs") highlight($("#pair"));
}

function drawPairs() {
  const pairs = wantedPairs(state);
  lists.pairs.show(pairs, pairs.findIndex((p) => p.n === state.pair));
  tell($("#pair-found"), pairs.length, store.pairs.length, "pairsN", "noneFound");
}

function drawGroups() {
  const groups = wantedGroups(state);
  lists.groups.show(groups, groups.findIndex((g) => g.n === state.group));
  tell($("#group-found"), groups.length, store.groups.length, "groupsN", "noGroupFound", state.size ? t("size", state.size) : null);
}

// tell says how many of a list fit.
function tell(box, found, all, key, none, extra) {
  const what = found === all ? tn(key, all) : t("of", number(found), tn(key, all));
  box.replaceChildren(
    h("span", null, found || searched.done < 1 ? what : t(none)), extra ? h("span", { class: "tag" }, extra) : "",
    searched.done < 1 ? h("span", { class: "faint" }, t("searching", percent(searched.done))) : "",
    filtered(state) ? h("button", { type: "button", class: "plain", onclick: () => change({ relations: [], min: 0, max: 1, lang: "", source: null, first: null, later: null, delay: "", size: "", q: "" }) }, t("clear")) : "");
}

function drawFilters() {
  const box = $("#pair-filters");
  const focus = document.activeElement?.id;
  const counts = countBy(store.pairs, (p) => p.relation);
  const select = (id, label, value, options, key) => h("label", { class: "field" }, h("span", null, label), h("select", { id, onchange: (e) => change({ [key]: e.target.value === "" ? (key === "source" ? null : "") : key === "source" ? Number(e.target.value) : e.target.value }) },
    options.map(([v, words]) => h("option", { value: v, selected: String(v) === String(value ?? "") }, words))));
  const bound = (id, key, label, value) => h("label", { class: "field narrow" }, h("span", null, label), h("input", {
    id, type: "number", min: 0, max: 1, step: 0.01, value, onchange: (e) => { const x = Number(e.target.value); change({ [key]: x >= 0 && x <= 1 && e.target.value !== "" ? x : key === "min" ? 0 : 1 }); },
  }));
  const both = [...new Set(store.pairs.map(pairLanguages))].sort();
  const ranked = [...countBy(store.pairs.flatMap((p) => (p.a.source === p.b.source ? [p.a] : [p.a, p.b])), (a) => a.source)].sort((x, y) => y[1] - x[1] || x[0] - y[0]);
  const tags = [state.delay ? t(state.delay) : null, state.first !== null || state.later !== null ? t("direction", state.first === null ? "…" : sourceName(state.first), state.later === null ? "…" : sourceName(state.later)) : null].filter(Boolean);
  box.replaceChildren(
    h("div", { class: "chips", role: "group", "aria-label": t("relation") }, store.relations.filter((r) => counts.has(r)).map((r) => h("button", {
      type: "button", id: "rel-" + r, class: "chip-button", "data-relation": r, "aria-pressed": String(state.relations.includes(r)), title: t(r + ".what"),
      onclick: () => change({ relations: state.relations.includes(r) ? state.relations.filter((x) => x !== r) : [...state.relations, r] }),
    }, chip(r), h("span", { class: "faint" }, number(counts.get(r)))))),
    h("div", { class: "fields" },
      bound("min", "min", t("score") + " " + t("from"), state.min), bound("max", "max", t("to"), state.max),
      both.length > 1 ? select("lang", t("languages"), state.lang, [["", t("anyLanguage")], ...both.map((l) => [l, l.split("-").map((c) => c || "?").join(" – ")])], "lang") : null,
      ranked.length > 1 ? select("src", t("source"), state.source, [["", t("anySource")], ...ranked.map(([s, n]) => [s, `${sourceName(s)} (${number(n)})`])], "source") : null,
      select("sort", t("sort"), state.sort, sorts.map((s) => [s, t("sort" + s[0].toUpperCase() + s.slice(1))]), "sort")),
    tags.length ? h("div", { class: "chips" }, tags.map((x) => h("span", { class: "tag" }, x))) : "");
  if (focus) document.getElementById(focus)?.focus();
}

function makeLists() {
  const debounced = (act) => { let timer; return (x) => { clearTimeout(timer); timer = setTimeout(() => act(x), 50); }; };
  const enter = (selector) => { const box = $(selector); box.focus({ preventScroll: true }); };
  lists.pairs = new List($("#pair-list"), {
    label: t("pairList"), height: 92, render: pairRow,
    onchoose: debounced((pair) => { if (wide.matches) { change({ pair: pair.n }, true); drawPair(pair.n); $("#pairs").classList.add("open"); } }),
    onopen: (pair, byKey) => { change({ pair: pair.n }); drawPair(pair.n); if (byKey) enter("#pair"); },
  });
  lists.groups = new List($("#group-list"), {
    label: t("groupList"), height: 84, render: groupRow,
    onchoose: debounced((group) => { if (wide.matches) { change({ group: group.n }, true); drawGroup(group.n); $("#groups").classList.add("open"); } }),
    onopen: (group, byKey) => { change({ group: group.n }); if (byKey) enter("#group"); },
  });
}

// leaveDetail goes back from what is open to its list, and from the list to nothing chosen.
function leaveDetail() {
  const list = lists[state.view];
  if (!list) return;
  const inside = document.activeElement?.closest?.(".detail");
  if (!inside || !wide.matches) change(state.view === "pairs" ? { pair: null } : { group: null });
  list.box.focus({ preventScroll: true });
}

const bindings = [
  [["j", "↓"], "keyMove"], [["k", "↑"], "keyMove"], [["Home", "End"], "keyEnds"], [["Enter"], "keyOpen"], [["n", "p"], "keyPassage"],
  [["/"], "keySearch"], [["Esc"], "keyEscape"], [["1", "2", "3"], "keyViews"], [["?"], "keyHelp"],
];

function showKeys() {
  const box = $("#keys");
  const merged = bindings.filter(([, what], i) => bindings.findIndex(([, w]) => w === what) === i)
    .map(([, what]) => [bindings.filter(([, w]) => w === what).flatMap(([keys]) => keys), what]);
  box.replaceChildren(h("h2", { id: "keys-title" }, t("keyTitle")),
    h("dl", null, merged.map(([keys, what]) => h("div", null, h("dt", null, keys.map((k) => h("kbd", null, k))), h("dd", null, t(what))))),
    h("form", { method: "dialog" }, h("button", { class: "plain", autofocus: true }, t("close"))));
  if (!box.open) box.showModal();
}

function pressed(e) {
  const typing = e.target.closest?.("input, select, textarea");
  if (e.ctrlKey || e.metaKey || e.altKey || $("#keys").open) return;
  if (e.key === "Escape") {
    if (e.target.id === "q") {
      change({ q: "" }, true);
      draw(false);
      (lists[state.view]?.box ?? $("#main")).focus();
    } else leaveDetail();
    return;
  }
  if (typing) {
    if (e.target.id === "q" && e.key === "Enter") {
      e.preventDefault();
      if (state.view === "overview") change({ view: "pairs" });
      setTimeout(() => lists[state.view]?.box.focus());
    }
    return;
  }
  const list = lists[state.view];
  const act = {
    "/": () => { $("#q").focus(); $("#q").select(); }, "?": showKeys,
    j: () => list?.move(1), k: () => list?.move(-1), n: () => stepPassage(1), p: () => stepPassage(-1),
    1: () => change({ view: "overview" }), 2: () => change({ view: "pairs" }), 3: () => change({ view: "groups" }),
    ArrowDown: list && e.target === document.body ? () => { list.box.focus(); list.move(1); } : null,
    ArrowUp: list && e.target === document.body ? () => { list.box.focus(); list.move(-1); } : null,
    Enter: list && e.target === document.body && list.chosen >= 0 ? () => list.onopen(list.items[list.chosen], true) : null,
  }[e.key];
  if (!act) return;
  e.preventDefault();
  act();
}

// The colours: those of the system, unless others were chosen.
const themes = ["auto", "light", "dark"];
const systemDark = matchMedia("(prefers-color-scheme: dark)");
let theme = themes.includes(memory.get("theme")) ? memory.get("theme") : "auto";
function paint() {
  document.documentElement.dataset.theme = theme === "auto" ? (systemDark.matches ? "dark" : "light") : theme;
  const button = $("#theme");
  if (!button) return;
  const label = t("theme" + theme[0].toUpperCase() + theme.slice(1));
  fill(button, { title: label, "aria-label": label }, []);
  button.textContent = { auto: "◐", light: "☀", dark: "☾" }[theme];
}
systemDark.addEventListener("change", paint);
paint(); // before the first text shows

// speak puts the words of the page's frame in the language chosen.
function speak() {
  document.documentElement.lang = language;
  document.title = `Calque – ${t("title")}`;
  for (const e of $$("[data-t]")) e.textContent = t(e.dataset.t);
  for (const e of $$("[data-t-label]")) e.setAttribute("aria-label", t(e.dataset.tLabel));
  for (const e of $$("[data-t-placeholder]")) e.setAttribute("placeholder", t(e.dataset.tPlaceholder));
  for (const e of $$("[data-lang]")) e.setAttribute("aria-pressed", String(e.dataset.lang === language));
  for (const e of $$("[data-count]")) e.textContent = number(store[e.dataset.count].length);
  lists.pairs?.box.setAttribute("aria-label", t("pairList"));
  lists.groups?.box.setAttribute("aria-label", t("groupList"));
  paint();
}

// toPrint writes the list in full where nothing of it is open: what is on paper cannot be
// scrolled.
function toPrint() {
  const box = $("#printed");
  redrawCharts((chartBox) => (chartBox.classList.contains("timeline") ? 640 : 300)); // what A4 and Letter hold
  const head = (...keys) => h("thead", null, h("tr", null, keys.map((k) => h("th", null, t(k)))));
  if (state.view === "pairs" && state.pair === null) {
    box.append(h("h1", null, $("#pair-found").firstChild.textContent), h("table", { class: "rows" }, head("relation", "score", "texts"), h("tbody", null, lists.pairs.items.map((p) => h("tr", null,
      h("td", null, chip(p.relation)), h("td", { class: "n" }, score(p.score)), h("td", { class: "wide" }, [p.a, p.b].map((a) => h("div", null, titleOf(a), " ", h("span", { class: "faint" }, facts(a))))))))));
  }
  if (state.view === "groups" && state.group === null) {
    box.append(h("h1", null, $("#group-found").firstChild.textContent), ...lists.groups.items.map((g) => h("section", { class: "printed-group" }, h("h2", null, titleOf(g.keep)),
      h("ul", null, [...g.members].sort(byTime).map((a) => h("li", null, a === g.keep ? "★ " : "", titleOf(a), " ", h("span", { class: "faint" }, facts(a))))))));
  }
}

async function start() {
  speak();
  $(".loading").textContent = t("loading");
  try {
    await openStore();
  } catch (error) {
    $(".loading").textContent = t("unreadable", error.message);
    return;
  }
  $(".loading").remove();
  makeLists();
  speak();
  document.body.dataset.state = "open";
  addEventListener("hashchange", follow);
  addEventListener("keydown", pressed);
  addEventListener("beforeprint", toPrint);
  addEventListener("afterprint", () => { $("#printed").replaceChildren(); redrawCharts(); });
  $(".search").addEventListener("submit", (e) => e.preventDefault());
  let typed;
  $("#q").addEventListener("input", (e) => {
    clearTimeout(typed);
    typed = setTimeout(() => { change({ q: e.target.value, ...(state.view === "overview" && e.target.value ? { view: "pairs" } : {}) }, true); draw(false); }, 180);
  });
  $("#theme").addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    memory.set("theme", theme);
    paint();
  });
  $("#help").addEventListener("click", showKeys);
  for (const button of $$("[data-lang]")) button.addEventListener("click", () => {
    language = button.dataset.lang;
    memory.set("language", language);
    speak();
    draw(true);
  });
  for (const tab of $$(".tabs a")) tab.addEventListener("click", (e) => {
    e.preventDefault();
    change({ view: tab.dataset.view });
  });
  Object.assign(state, readAddress(location.hash));
  draw(true);
}

document.addEventListener("DOMContentLoaded", start);
