// Two texts side by side: passages linked, numbers and names marked, changed words shown.

const hues = 6;
const markKinds = ["markNumberAgrees", "markNameAgrees", "markNumberDiffers", "markNameDiffers"];
const shown = { marks: memory.get("marks") !== "no", words: memory.get("words") !== "no" };

// passagesOf lists the passages in order of A.
function passagesOf(detail) {
  const out = [];
  let endA = 0, endB = 0;
  for (let i = 0; i < detail.p.length; i += 5) {
    const [a, lengthA, b, lengthB, similarity] = detail.p.slice(i, i + 5);
    const spans = [[endA + a, endA + a + lengthA], [endB + b, endB + b + lengthB]];
    [endA, endB] = [spans[0][1], spans[1][1]];
    out.push({ n: out.length, spans, similarity: similarity / 100 });
  }
  return out;
}

// marksOf lists the spans to mark in one text, in order and apart: where two meet, what
// differs counts more than what agrees.
function marksOf(detail, side, changed) {
  const all = [];
  let at = 0;
  if (shown.marks) for (let i = 0; i < (detail.m ?? []).length; i += 3) {
    const [gap, length, kind] = detail.m.slice(i, i + 3);
    if (kind >> 2 !== side) continue;
    all.push({ start: at + gap, end: at + gap + length, kind: kind & 3, rank: kind & 2 ? 0 : 1 });
    at += gap + length;
  }
  if (shown.words) for (const [start, end] of changed) all.push({ start, end, kind: 4, rank: 2 });
  all.sort((x, y) => x.rank - y.rank || x.start - y.start);
  const taken = [];
  for (const m of all) if (!taken.some((o) => m.start < o.end && o.start < m.end)) taken.push(m);
  return taken.sort((x, y) => x.start - y.start);
}

const wordPattern = /[\p{L}\p{N}]+(?:['’.,-][\p{L}\p{N}]+)*/gu;
const wordsIn = (text, [start, end]) => [...text.slice(start, end).matchAll(wordPattern)].map((m) => ({ word: fold(m[0]), span: [start + m.index, start + m.index + m[0].length] }));

// mostWords bounds the table that two passages are compared in.
const mostWords = 600;

// changedWords are, for each side, the words of the passages that the other side does not
// have in their place: what is left of the longest common sequence of words.
function changedWords(passages, texts) {
  const out = [[], []];
  for (const { spans } of passages) {
    const [x, y] = spans.map((span, side) => wordsIn(texts[side], span));
    if (x.length > mostWords || y.length > mostWords) continue;
    const width = y.length + 1, lengths = new Uint16Array((x.length + 1) * width);
    for (let i = x.length - 1; i >= 0; i--) for (let k = y.length - 1; k >= 0; k--) {
      lengths[i * width + k] = x[i].word === y[k].word ? lengths[(i + 1) * width + k + 1] + 1 : Math.max(lengths[(i + 1) * width + k], lengths[i * width + k + 1]);
    }
    let i = 0, k = 0;
    while (i < x.length || k < y.length) {
      if (i < x.length && k < y.length && x[i].word === y[k].word) i++, k++;
      else if (k === y.length || (i < x.length && lengths[(i + 1) * width + k] >= lengths[i * width + k + 1])) out[0].push(x[i++].span);
      else out[1].push(y[k++].span);
    }
  }
  return out;
}

// pieces is a stretch of a text as nodes, its marks as elements.
function pieces(text, start, end, marks) {
  const nodes = [];
  let at = start;
  for (const m of marks) {
    const from = Math.max(m.start, at), to = Math.min(m.end, end);
    if (from >= to) continue;
    if (from > at) nodes.push(text.slice(at, from));
    const what = m.kind === 4 ? "wordDiffers" : markKinds[m.kind];
    nodes.push(h("span", { class: "m m" + m.kind, title: t(what) }, text.slice(from, to)));
    at = to;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function passageNode(passage, side, text, marks, clip) {
  const [start, end] = clip ?? passage.spans[side];
  const label = t("passage", passage.n + 1, format("two").format(passage.similarity));
  return h("span", { class: "passage", tabindex: "0", role: "link", "data-p": passage.n, "data-side": side, "data-n": passage.n + 1, "data-hue": passage.n % hues, title: label, "aria-describedby": "passage-help" }, pieces(text, start, end, marks));
}

// stretches cuts one text into passages and what lies between them, in order.
function stretches(passages, side, length) {
  const out = [];
  let at = 0;
  for (const passage of [...passages].sort((x, y) => x.spans[side][0] - y.spans[side][0])) {
    const [start, end] = passage.spans[side];
    if (end <= at) continue;
    if (start > at) out.push({ start: at, end: start });
    out.push({ start: Math.max(start, at), end, passage });
    at = end;
  }
  if (at < length) out.push({ start: at, end: length });
  return out;
}

const stretchNode = ({ start, end, passage }, side, text, marks) =>
  passage ? passageNode(passage, side, text, marks, [start, end]) : h("span", { class: "outside" }, pieces(text, start, end, marks));

function textsOf(pair, detail, sides) {
  const passages = passagesOf(detail), texts = sides.map((s) => s.text);
  const sameLanguage = !detail.x && pair.relation !== "exact";
  const section = h("section", { class: "texts" });
  const draw = () => {
    const changed = sameLanguage && shown.words ? changedWords(passages, texts) : [[], []];
    const marks = [0, 1].map((side) => marksOf(detail, side, changed[side]));
    const body = state.aligned && passages.length ? alignedTexts(sides, passages, marks) : wholeTexts(sides, passages, marks);
    section.replaceChildren(h("h3", { class: "sr" }, t("texts")), textTools(passages, sameLanguage, draw), h("p", { class: "sr", id: "passage-help" }, t("goOther")), body);
    linkSides(body);
  };
  draw();
  return section;
}

function textTools(passages, sameLanguage, redrawTexts) {
  const layout = (aligned, key) => h("button", { type: "button", "aria-pressed": String(state.aligned === aligned), onclick: () => { change({ aligned }, true); shownAs = looksOf(shownPair); redrawTexts(); highlight($("#pair")); } }, t(key));
  const toggle = (what, key) => h("label", { class: "toggle" }, h("input", {
    type: "checkbox", checked: shown[what],
    onchange: (e) => { shown[what] = e.target.checked; memory.set(what, e.target.checked ? "yes" : "no"); redrawTexts(); highlight($("#pair")); },
  }), " " + t(key));
  const kinds = [...(shown.marks ? [0, 1, 2, 3] : []), ...(sameLanguage && shown.words ? [4] : [])];
  return h("div", { class: "text-tools" },
    passages.length ? h("div", { class: "segmented", role: "group", "aria-label": t("texts") }, layout(false, "whole"), layout(true, "aligned")) : null,
    toggle("marks", "showMarks"), sameLanguage ? toggle("words", "showWords") : null,
    kinds.length ? h("span", { class: "legend" }, kinds.map((k) => h("span", { class: "m m" + k }, t(k === 4 ? "wordDiffers" : markKinds[k])))) : null);
}

function wholeTexts(sides, passages, marks) {
  return h("div", { class: "columns whole" }, sides.map(({ a, side, text, coverage }) => h("div", { class: "column" },
    articleHead(a, side, coverage),
    h("div", { class: "text", lang: a.lang || null, dir: "auto" },
      text ? stretches(passages, side, text.length).map((s) => stretchNode(s, side, text, marks[side])) : h("p", { class: "faint" }, t("emptyText"))))));
}

// alignedTexts puts every passage in a row of its own, A's order leading. What only A has
// stands in its place, what only B has behind the passage that it follows in B.
function alignedTexts(sides, passages, marks) {
  const hasWord = (s) => /[\p{L}\p{N}]/u.test(s);
  const [ofA, ofB] = sides.map(({ side, text }) => stretches(passages, side, text.length).filter((s) => s.passage || hasWord(text.slice(s.start, s.end))));
  const behind = new Map();
  let last = -1;
  for (const s of ofB) {
    if (s.passage) last = s.passage.n;
    else behind.set(last, [...(behind.get(last) ?? []), s]);
  }
  const inB = new Map(ofB.filter((s) => s.passage).map((s) => [s.passage.n, s]));
  const cell = (s, side) => h("div", { class: "cell text" + (s ? "" : " none"), lang: sides[side].a.lang || null, dir: "auto" }, s ? stretchNode(s, side, sides[side].text, marks[side]) : h("span", { class: "sr" }, "—"));
  const rows = [];
  const row = (x, y) => rows.push(cell(x, 0), cell(y, 1));
  for (const s of behind.get(-1) ?? []) row(null, s);
  for (const s of ofA) {
    row(s, s.passage ? inB.get(s.passage.n) : null);
    if (s.passage) for (const b of behind.get(s.passage.n) ?? []) row(null, b);
  }
  return h("div", { class: "columns aligned" }, sides.map(({ a, side, coverage }) => articleHead(a, side, coverage)), rows);
}

// linkSides lights both sides of the passage under the pointer or in focus, and brings the
// other side to the same height when one is clicked.
function linkSides(body) {
  const light = (n) => {
    for (const p of $$(".passage.active", body)) p.classList.remove("active");
    body.classList.toggle("lit", n !== null);
    if (n !== null) for (const p of $$(`.passage[data-p="${n}"]`, body)) p.classList.add("active");
  };
  const of = (e) => e.target.closest?.(".passage");
  body.addEventListener("pointerover", (e) => light(of(e)?.dataset.p ?? null));
  body.addEventListener("pointerleave", () => light(document.activeElement?.closest?.(".passage")?.dataset.p ?? null));
  body.addEventListener("focusin", (e) => light(of(e)?.dataset.p ?? null));
  body.addEventListener("focusout", () => light(null));
  body.addEventListener("click", (e) => of(e) && level(of(e)));
  body.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || !of(e)) return;
    otherSide(of(e))?.focus({ preventScroll: true });
    level(of(e));
    e.preventDefault();
    e.stopPropagation();
  });
}

const otherSide = (passage) => $(`.passage[data-p="${passage.dataset.p}"][data-side="${1 - passage.dataset.side}"]`, passage.closest(".columns"));

// level scrolls the other text so that both sides of a passage stand at one height.
function level(passage) {
  const other = otherSide(passage), box = other?.closest(".whole .text");
  if (!box) return;
  box.scrollTop += other.getBoundingClientRect().top - passage.getBoundingClientRect().top;
}

// levelFirst scrolls to where the passages begin, if they begin far down in one text only.
function levelFirst(box) {
  const first = $('.whole .passage[data-side="0"]', box), other = first && otherSide(first);
  if (!other) return;
  const apart = other.getBoundingClientRect().top - first.getBoundingClientRect().top;
  if (Math.abs(apart) > 200) level(apart > 0 ? first : other);
}

// stepPassage goes to the next or the previous passage.
function stepPassage(step) {
  const all = $$('#pair .passage[data-side="0"]');
  if (!all.length) return;
  const active = document.activeElement?.closest?.(".passage");
  const at = all.findIndex((p) => p.dataset.p === active?.dataset.p);
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + step))];
  next.focus();
  level(next);
}

// highlight shows what was searched for, where the browser can without changing the texts.
function highlight(box) {
  if (typeof Highlight === "undefined" || !CSS.highlights) return;
  CSS.highlights.delete("found");
  if (!searched.terms.length) return;
  const found = new Highlight();
  const walk = document.createTreeWalker(box, NodeFilter.SHOW_TEXT, { acceptNode: (n) => (n.parentElement.closest(".text, .article-head") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT) });
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = fold(node.data);
    for (const term of searched.terms) for (let i = text.indexOf(term); i >= 0; i = text.indexOf(term, i + term.length)) {
      const range = new Range();
      range.setStart(node, i);
      range.setEnd(node, i + term.length);
      found.add(range);
    }
  }
  CSS.highlights.set("found", found);
}
