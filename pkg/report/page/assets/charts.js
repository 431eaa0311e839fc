// Charts, drawn as SVG to the width of their box. Every bar is a link to what it counts.

const drawn = new Map(); // box → function of a width
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) redraw(target);
});

// chart puts a drawing into a box and draws it anew when the box changes its width.
function chart(box, draw) {
  drawn.set(box, { draw, width: 0 });
  resized.observe(box);
  redraw(box);
}

function redraw(box) {
  const known = drawn.get(box), width = Math.round(box.clientWidth);
  if (!known || !width || known.width === width) return;
  known.width = width;
  box.replaceChildren(known.draw(width));
}

// redrawCharts draws all charts anew, at the widths given or that they have.
function redrawCharts(widthOf) {
  for (const [box, known] of drawn) {
    known.width = widthOf ? widthOf(box) : 0;
    if (widthOf) box.replaceChildren(known.draw(known.width));
    else redraw(box);
  }
}

function forgetCharts() {
  for (const box of drawn.keys()) resized.unobserve(box);
  drawn.clear();
}

const picture = (width, height, label, ...children) =>
  svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": label }, children);

const textAt = (x, y, content, props) => svg("text", { x, y, ...props }, content);

// bar is a bar, or several on top of each other, that leads somewhere.
function bar(href, label, ...shapes) {
  const title = svg("title", null, label);
  return href ? svg("a", { href, class: "bar", "aria-label": label }, title, shapes) : svg("g", { class: "bar", role: "img", "aria-label": label }, title, shapes);
}

// bars is a chart of horizontal bars: rows of a label, a value, a link and a relation.
function bars(label, rows) {
  return (width) => {
    const rowHeight = 30, labels = Math.min(170, Math.max(142, Math.round(width * 0.38))), most = Math.max(1, ...rows.map((r) => r.value));
    const room = width - labels - 64;
    return picture(width, rows.length * rowHeight + 4, label, rows.map((r, i) => {
      const y = i * rowHeight + 2, size = r.value ? Math.max(2, (room * r.value) / most) : 0;
      return bar(r.href, `${r.label}: ${number(r.value)}`,
        svg("rect", { x: 0, y, width, height: rowHeight - 2, class: "hit", rx: 4 }),
        textAt(labels - 10, y + 19, r.label, { "text-anchor": "end" }),
        svg("rect", { x: labels, y: y + 5, width: size, height: rowHeight - 12, rx: 3, class: "fill", "data-relation": r.relation }),
        textAt(labels + size + 8, y + 19, number(r.value), { class: "value" }));
    }));
  };
}

// columns is a chart of vertical bars: columns of a label, parts of a value and a relation
// each, and a link. Only every so many labels are written where there is no room for all.
function columns(label, cols, { height = 210, slanted = false } = {}) {
  return (width) => {
    const low = slanted ? 74 : 26, top = 18, left = slanted ? 34 : 0;
    const total = (c) => c.parts.reduce((sum, p) => sum + p.value, 0);
    const most = Math.max(1, ...cols.map(total)), each = (width - left) / cols.length, room = height - low - top;
    const gap = Math.max(cols.length > 12 ? 2 : 6, each - 72);
    const every = slanted ? 1 : Math.ceil(34 / each);
    return picture(width, height, label,
      svg("line", { x1: 0, x2: width, y1: height - low + 0.5, y2: height - low + 0.5, class: "axis" }),
      cols.map((c, i) => {
        const x = left + i * each + gap / 2, all = total(c), parts = [];
        let y = height - low;
        for (const p of c.parts) {
          if (!p.value) continue;
          const size = Math.max(1.5, (room * p.value) / most);
          y -= size;
          parts.push(svg("rect", { x, y, width: Math.max(1, each - gap), height: size, class: "fill", "data-relation": p.relation }));
        }
        const middle = x + (each - gap) / 2;
        return bar(all ? c.href : null, `${c.label}: ${number(all)}`,
          svg("rect", { x: left + i * each, y: 0, width: each, height: height - low, class: "hit" }), parts,
          each > 24 && all ? textAt(Math.min(middle, width - 4 * number(all).length), y - 5, number(all), { "text-anchor": "middle", class: "value" }) : null,
          i % every ? null : slanted
            ? textAt(0, 0, c.label, { "text-anchor": "end", transform: `translate(${middle + 4} ${height - low + 14}) rotate(-32)` })
            : textAt(middle, height - low + 17, c.short ?? c.label, { "text-anchor": "middle" }));
      }));
  };
}
