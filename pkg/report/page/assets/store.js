// What the page knows: articles, pairs and groups, unpacked when it opens; texts and
// details, when they are wanted.

const store = { summary: null, articles: [], pairs: [], groups: [], rejects: [], relations: [], sources: [], codes: [] };

// Blocks are the script elements of a table, in order, each with its first row.
const blocksOf = (table) => $$(`script[data-table="${table}"]`).map((element) => ({ element, from: Number(element.dataset.from) }));

// printable is a text without what would steer the way it is shown: control characters, and
// those that reverse the direction of writing. It has the same length, so that offsets hold.
const printable = (text) => text.replace(/[\u2028\u2029]/g, "\n").replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");

async function rowsOf(table) {
  const rows = [];
  for (const block of blocksOf(table)) for (const row of await unpack(block.element.textContent)) rows.push(row);
  return rows;
}

// Sheaf is a table of which some blocks are unpacked: those used last.
class Sheaf {
  constructor(table, kept) {
    this.blocks = blocksOf(table);
    this.kept = kept;
    this.open = new Map();
  }

  blockOf(row) {
    let low = 0, high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.blocks[middle].from <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  rows(block) {
    const rows = this.open.get(block) ?? unpack(this.blocks[block].element.textContent);
    this.open.delete(block);
    this.open.set(block, rows);
    if (this.open.size > this.kept) this.open.delete(this.open.keys().next().value);
    return rows;
  }

  async row(n) {
    const block = this.blockOf(n);
    return (await this.rows(block))[n - this.blocks[block].from];
  }
}

async function openStore() {
  const [summary] = await rowsOf("summary");
  Object.assign(store, { summary, relations: summary.relations, codes: summary.languages });
  store.texts = new Sheaf("texts", 8);
  store.details = new Sheaf("details", 4);
  store.sources = summary.sources.map(printable);
  store.articles = (await rowsOf("articles")).map(([id, title, lang, source, published, length, url, byline, dateline, agency], n) => ({
    n, id: printable(id), title: printable(title), lang: summary.languages[lang], source, published, length, url,
    byline: printable(byline), dateline: printable(dateline), agency: printable(agency), group: -1,
  }));
  store.pairs = (await rowsOf("pairs")).map(([a, b, relation, score, coverageA, coverageB], n) => {
    const pair = { n, a: store.articles[a], b: store.articles[b], relation: summary.relations[relation], score: score / 1e4, coverage: [coverageA / 1e4, coverageB / 1e4] };
    Object.assign(pair, orderOf(pair.a, pair.b));
    return pair;
  });
  store.groups = (await rowsOf("groups")).map(([members, keep, weakest], n) => ({
    n, members: members.map((m) => store.articles[m]), keep: store.articles[keep], pairs: [],
    weakest: { a: store.articles[weakest[0]], b: store.articles[weakest[1]], relation: summary.relations[weakest[2]], score: weakest[3] / 1e4 },
  }));
  for (const group of store.groups) for (const member of group.members) member.group = group.n;
  for (const pair of store.pairs) if (pair.a.group >= 0 && pair.a.group === pair.b.group) store.groups[pair.a.group].pairs.push(pair);
  store.rejects = (await rowsOf("rejects")).map((row) => row.map(printable));
}

// orderOf tells which of two articles came first and how many seconds the other came later;
// first is null where that is not known. A time at midnight is only a day: what came out on
// that day has no order.
function orderOf(a, b) {
  if (a.published === null || b.published === null) return { first: null, later: null, delay: null };
  let between = b.published - a.published;
  if (a.published % day === 0 || b.published % day === 0) {
    between = day * (Math.floor(b.published / day) - Math.floor(a.published / day));
  }
  if (between === 0) return { first: null, later: null, delay: 0 };
  return between > 0 ? { first: a, later: b, delay: between } : { first: b, later: a, delay: -between };
}

const sourceName = (n) => store.sources[n] || t("noSource");

// The bins of the charts, each with what falls into it.
const delayBins = [["sameTime", 0, 1], ["d1h", 1, 3600], ["d6h", 3600, 6 * 3600], ["d24h", 6 * 3600, day], ["d3d", day, 3 * day], ["d7d", 3 * day, 7 * day], ["d30d", 7 * day, 30 * day], ["dmore", 30 * day, Infinity]]
  .map(([key, from, to]) => ({ key, from, to }));
const sizeBins = [[2, 2], [3, 3], [4, 4], [5, 5], [6, 10], [11, 20], [21, 50], [51, Infinity]].map(([from, to]) => ({ from, to }));
const sizeLabel = ({ from, to }) => (to === Infinity ? `${from}+` : from === to ? String(from) : `${from}–${to}`);
