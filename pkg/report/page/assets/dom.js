// Elements, words and numbers.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// fill gives an element attributes, listeners ("onclick"), styles and children. Text is only
// ever set as text: nothing of an article is parsed as markup.
function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [k, v] of Object.entries(value)) element.style.setProperty(k, v);
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(3)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}
const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);
const svg = (tag, props, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);

// The language and the colours chosen are remembered where the browser lets a file do so.
const memory = {
  get(key) { try { return localStorage.getItem("calque." + key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem("calque." + key, value); } catch { /* not remembered */ } },
};

let language = memory.get("language") ?? ((navigator.languages ?? [navigator.language]).find((l) => /^(en|fr)\b/i.test(l)) ?? "en").slice(0, 2).toLowerCase();
if (language !== "fr") language = "en";

// t is a word of the interface, with the values at {0}, {1}.
function t(key, ...values) {
  const words = language === "fr" ? french : english;
  return (words[key] ?? english[key] ?? key).replace(/\{(\d)\}/g, (_, i) => values[i]);
}

// tn is a word with a number that decides between singular and plural.
const tn = (key, n) => t(key + "." + (format("plural").select(n) === "one" ? "one" : "other"), number(n));

// format keeps the formatters of a language, which are slow to make.
const formatters = new Map();
function format(kind) {
  const key = language + kind;
  if (!formatters.has(key)) {
    formatters.set(key, {
      plural: () => new Intl.PluralRules(language),
      number: () => new Intl.NumberFormat(language),
      score: () => new Intl.NumberFormat(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
      two: () => new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
      signed: () => new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" }),
      percent: () => new Intl.NumberFormat(language, { style: "percent" }),
      date: () => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }),
      time: () => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }),
      languages: () => new Intl.DisplayNames(language, { type: "language" }),
    }[kind]());
  }
  return formatters.get(key);
}
const number = (n) => format("number").format(n);
const percent = (x) => format("percent").format(x);

// score has three digits. Only what is certain is 1.
const score = (x) => format("score").format(x < 1 ? Math.min(x, 0.999) : 1);

const day = 86400;

// moment is a time of publication; one at midnight says the day only.
const moment = (seconds) => format(seconds % day === 0 ? "date" : "time").format(seconds * 1000) + (seconds % day === 0 ? "" : " UTC");

// duration is a time span in its largest fitting unit.
function duration(seconds) {
  const units = [["day", day, 2 * day], ["hour", 3600, 5400], ["minute", 60, 60], ["second", 1, 0]];
  const [unit, size] = units.find(([, , least]) => seconds >= least);
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(Math.round(seconds / size));
}

function languageName(code) {
  if (!code) return t("unknownLanguage");
  try { return format("languages").of(code); } catch { return code; }
}

// chip names a relation, with its colour.
const chip = (relation) => h("span", { class: "chip", "data-relation": relation }, h("i", { class: "dot", "aria-hidden": "true" }), t(relation));

// printer is the sign of the button that prints; fonts often lack a character for it.
const printer = () => svg("svg", { viewBox: "0 0 16 16", width: 15, height: 15, class: "sign", "aria-hidden": "true" },
  svg("path", { d: "M4.5 6V2h7v4M4.5 11.5h-2v-4a1.5 1.5 0 0 1 1.5-1.5h8a1.5 1.5 0 0 1 1.5 1.5v4h-2M4.5 9.5h7V14h-7z" }));

// fold takes case and accents away and keeps the length, so that places in the folded text
// are places in the text.
const folded = new Map();
function foldLetter(c) {
  let f = folded.get(c);
  if (f === undefined) {
    f = "\u2019\u2018\u02bc".includes(c) ? "'" : c === "\u00a0" || c === "\u202f" ? " " : c.normalize("NFD")[0].toLowerCase();
    if (f.length !== 1) f = c;
    folded.set(c, f);
  }
  return f;
}
const fold = (text) => text.replace(/[^\0-\x7f]/g, foldLetter).replace(/[A-Z]+/g, (s) => s.toLowerCase());

// breathe lets the browser draw between two pieces of long work.
const breathe = () => new Promise((go) => setTimeout(go));
