// Which pairs and groups are wanted: the state of the page, which stands in its address, and
// the search in texts.

const views = ["overview", "pairs", "groups"];
const sorts = ["score", "low", "delay", "date", "id"];
const state = { view: "overview" };

// readAddress makes the state of an address: "#pairs?rel=translation,exact&min=0.9&p=12".
// What it does not understand is as if it were not there.
function readAddress(hash) {
  const [view, query] = hash.replace(/^#/, "").split("?");
  const p = new URLSearchParams(query ?? "");
  const index = (name, length) => (/^\d+$/.test(p.get(name) ?? "") && Number(p.get(name)) < length ? Number(p.get(name)) : null);
  const share = (name, otherwise) => { const x = parseFloat(p.get(name)); return x >= 0 && x <= 1 ? x : otherwise; };
  return {
    view: views.includes(view) ? view : "overview",
    relations: (p.get("rel") ?? "").split(",").filter((r) => store.relations.includes(r)),
    min: share("min", 0), max: share("max", 1),
    lang: p.get("lang") ?? "", source: index("src", store.sources.length),
    first: index("first", store.sources.length), later: index("later", store.sources.length),
    delay: delayBins.find((b) => b.key === p.get("delay"))?.key ?? "",
    size: sizeBins.find((b) => sizeLabel(b) === p.get("size")) ? p.get("size") : "",
    q: p.get("q") ?? "", sort: sorts.includes(p.get("sort")) ? p.get("sort") : "score",
    pair: index("p", store.pairs.length), group: index("g", store.groups.length),
    aligned: p.has("aligned"),
  };
}

// address is the address of a state.
function address(s) {
  const p = new URLSearchParams();
  const put = (name, value) => { if (value !== "" && value !== null && value !== undefined) p.set(name, value); };
  put("rel", (s.relations ?? []).join(","));
  if (s.min > 0) put("min", s.min);
  if (s.max < 1) put("max", s.max);
  put("lang", s.lang); put("src", s.source); put("first", s.first); put("later", s.later);
  put("delay", s.delay); put("size", s.size); put("q", s.q);
  if (s.sort !== "score") put("sort", s.sort);
  put("p", s.pair); put("g", s.group);
  if (s.aligned) put("aligned", "1");
  const query = p.toString();
  return "#" + s.view + (query ? "?" + query : "");
}

// link is the address of a view with nothing chosen but what is given.
const link = (view, chosen) => address({ view, relations: [], min: 0, max: 1, sort: "score", ...chosen });

const pairLanguages = (pair) => [pair.a.lang, pair.b.lang].sort().join("-");

function delayBin(pair) {
  if (pair.delay === null) return null;
  return delayBins.find((b) => pair.delay >= b.from && pair.delay < b.to);
}

// wantedPairs are the pairs that fit the state, in its order.
function wantedPairs(s) {
  const relations = s.relations.length ? new Set(s.relations) : null;
  const found = searched.articles;
  const out = store.pairs.filter((pair) =>
    (!relations || relations.has(pair.relation)) && pair.score >= s.min && pair.score <= s.max &&
    (!s.lang || pairLanguages(pair) === s.lang) &&
    (s.source === null || pair.a.source === s.source || pair.b.source === s.source) &&
    (s.first === null || pair.first?.source === s.first) && (s.later === null || pair.later?.source === s.later) &&
    (!s.delay || delayBin(pair)?.key === s.delay) &&
    (!found || found.has(pair.a.n) || found.has(pair.b.n)));
  const latest = (pair) => Math.max(pair.a.published ?? -Infinity, pair.b.published ?? -Infinity);
  const by = {
    score: (x, y) => y.score - x.score || x.n - y.n,
    low: (x, y) => x.score - y.score || x.n - y.n,
    delay: (x, y) => (x.delay ?? Infinity) - (y.delay ?? Infinity) || x.n - y.n,
    date: (x, y) => (latest(y) === latest(x) ? x.n - y.n : latest(y) > latest(x) ? 1 : -1),
    id: (x, y) => x.n - y.n,
  }[s.sort];
  return out.sort(by);
}

// wantedGroups are the groups that fit, the largest first.
function wantedGroups(s) {
  const bin = sizeBins.find((b) => sizeLabel(b) === s.size);
  const found = searched.articles;
  return store.groups
    .filter((g) => (!bin || (g.members.length >= bin.from && g.members.length <= bin.to)) &&
      (s.source === null || g.members.some((m) => m.source === s.source)) && (!found || g.members.some((m) => found.has(m.n))))
    .sort((x, y) => y.members.length - x.members.length || x.n - y.n);
}

const filtered = (s) => s.relations.length > 0 || s.min > 0 || s.max < 1 || s.lang || s.source !== null || s.first !== null || s.later !== null || s.delay || s.size || s.q;

// searched is what the last search found: the numbers of articles, null without one.
const searched = { query: "", terms: [], articles: null, done: 1 };

// termsOf cuts a query into words, and phrases in quotation marks.
const termsOf = (query) => [...fold(query).matchAll(/["«“”]([^"»“”]+)["»“”]|[^\s"«»“”]+/g)].map((m) => (m[1] ?? m[0]).trim()).filter(Boolean);

// search finds the articles that have every term in headline, id, source or text. It calls
// tell at once for the former, and as the texts are read, block by block. A later search
// ends an earlier one.
let searches = 0;
async function search(query, tell) {
  const terms = termsOf(query), run = ++searches;
  Object.assign(searched, { query, terms, done: 1, articles: terms.length ? new Set() : null });
  if (!terms.length) return tell();
  const known = store.articles.map((a) => fold([a.id, a.title, store.sources[a.source], a.agency, a.byline].join("\n")));
  for (const a of store.articles) if (terms.every((term) => known[a.n].includes(term))) searched.articles.add(a.n);
  searched.done = 0;
  tell();
  const blocks = blocksOf("texts");
  let told = performance.now();
  for (const [i, block] of blocks.entries()) {
    const texts = await unpack(block.element.textContent);
    if (run !== searches) return;
    texts.forEach((text, k) => {
      const n = block.from + k;
      if (searched.articles.has(n)) return;
      const f = fold(text);
      if (terms.every((term) => f.includes(term) || known[n].includes(term))) searched.articles.add(n);
    });
    searched.done = (i + 1) / blocks.length;
    if (performance.now() - told > 250 && i + 1 < blocks.length) {
      tell();
      await breathe();
      if (run !== searches) return;
      told = performance.now();
    }
  }
  tell();
}
