// Lists of any length, of which only what shows is in the document.

// highest is the height of a list from which scrolling is no longer one to one: browsers
// cut off elements of some ten million pixels.
const highest = 5e6;

class List {
  constructor(box, { label, height, render, onchoose, onopen }) {
    Object.assign(this, { box, height, render, onchoose, onopen, items: [], chosen: -1, rows: new Map() });
    this.space = h("div", { class: "space", role: "presentation" });
    fill(box, { role: "listbox", tabindex: "0", "aria-label": label }, [this.space]);
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    box.addEventListener("keydown", (e) => this.key(e));
    new ResizeObserver(() => this.draw()).observe(box);
  }

  // show replaces the items; chosen is the place of the one that is chosen, -1 for none.
  show(items, chosen) {
    this.items = items;
    this.chosen = chosen;
    this.clear();
    this.space.style.setProperty("height", Math.min(items.length * this.height, highest) + "px");
    if (chosen >= 0) this.reveal(chosen);
    this.draw();
  }

  clear() {
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
  }

  // offset is how far the list is scrolled, in pixels of all its rows.
  offset() {
    const all = this.items.length * this.height, view = this.box.clientHeight;
    if (all <= highest) return this.box.scrollTop;
    return (this.box.scrollTop * (all - view)) / (highest - view);
  }

  scrollTo(offset) {
    const all = this.items.length * this.height, view = this.box.clientHeight;
    this.box.scrollTop = all <= highest ? offset : (offset * (highest - view)) / (all - view);
  }

  reveal(i) {
    const top = i * this.height, from = this.offset(), view = this.box.clientHeight;
    if (top < from) this.scrollTo(top);
    else if (top + this.height > from + view) this.scrollTo(top + this.height - view);
  }

  draw() {
    const view = this.box.clientHeight;
    if (!view) return;
    const from = this.offset(), shift = this.box.scrollTop - from;
    const first = Math.max(0, Math.floor(from / this.height) - 3);
    const last = Math.min(this.items.length, Math.ceil((from + view) / this.height) + 3);
    for (const [i, row] of this.rows) {
      if (i >= first && i < last) continue;
      row.remove();
      this.rows.delete(i);
    }
    for (let i = first; i < last; i++) {
      let row = this.rows.get(i);
      if (!row) {
        row = h("div", {
          class: "row", role: "option", id: `${this.box.id}-${i}`, "aria-posinset": i + 1, "aria-setsize": this.items.length,
          style: { height: this.height + "px" }, onclick: () => { this.choose(i); this.onopen(this.items[i]); },
        }, this.render(this.items[i]));
        this.rows.set(i, row);
        this.space.append(row);
      }
      row.setAttribute("aria-selected", i === this.chosen);
      row.style.setProperty("transform", `translateY(${i * this.height + shift}px)`);
    }
    if (this.rows.has(this.chosen)) this.box.setAttribute("aria-activedescendant", `${this.box.id}-${this.chosen}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  choose(i) {
    if (!this.items.length) return;
    this.chosen = Math.max(0, Math.min(this.items.length - 1, i));
    this.reveal(this.chosen);
    this.draw();
    this.onchoose(this.items[this.chosen]);
  }

  move(step) { this.choose(this.chosen < 0 ? 0 : this.chosen + step); }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const page = Math.max(1, Math.floor(this.box.clientHeight / this.height) - 1);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[e.key];
    if (step) this.move(step);
    else if (e.key === "Home") this.choose(0);
    else if (e.key === "End") this.choose(this.items.length - 1);
    else if ((e.key === "Enter" || e.key === " ") && this.chosen >= 0) this.onopen(this.items[this.chosen], true);
    else return;
    e.preventDefault();
    e.stopPropagation();
  }
}
