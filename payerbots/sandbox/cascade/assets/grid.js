// A table of any length: only the rows in sight exist, and pieces of the list are fetched as they come into sight.
import { h, show } from "./dom.js";

const ROW = 46;
const MORE = 4;
const PIECE = 40;

export function virtualTable({ columns, fetchPiece, open, loaded, rowName }) {
  let total = 0;
  let newest = null;
  let pending = 0;
  let version = 0;
  let failed = false;
  const known = new Map();
  const asked = new Set();
  const body = h("tbody");
  const table = h(
    "table",
    { class: "grid", "aria-label": "Remittances" },
    h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col", class: column.kind || "" }, column.label)))),
    body
  );
  const sizer = h("div", { class: "grid-size" }, table);
  const view = h("div", { class: "grid-view", tabindex: "0", role: "region", "aria-label": "List of remittances" }, sizer);

  const busy = (by) => {
    pending += by;
    view.setAttribute("aria-busy", String(pending > 0));
  };

  async function load(piece) {
    if (failed || asked.has(piece)) return;
    asked.add(piece);
    const mine = version;
    busy(1);
    try {
      const found = await fetchPiece(piece * PIECE, PIECE);
      if (mine !== version) return;
      total = found.total;
      found.items.forEach((item, place) => known.set(piece * PIECE + place, item));
      const moved = newest !== null && found.newest !== newest;
      if (newest === null) newest = found.newest;
      loaded(total, moved);
    } catch {
      asked.delete(piece);
      if (mine === version) failed = true;
      loaded(null, false);
    } finally {
      busy(-1);
      paint();
    }
  }

  function paint() {
    sizer.style.height = `${total * ROW + 44}px`;
    const first = Math.max(0, Math.floor(view.scrollTop / ROW) - MORE);
    const last = Math.min(total, first + Math.ceil(view.clientHeight / ROW) + 2 * MORE);
    table.style.top = `${first * ROW}px`;
    const rows = [];
    for (let at = first; at < last; at += 1) rows.push(row(at));
    show(body, rows);
    for (let piece = Math.floor(first / PIECE); piece * PIECE < last; piece += 1) load(piece);
  }

  function row(at) {
    const item = known.get(at);
    if (!item) return h("tr", { class: "waiting", "aria-hidden": "true" }, columns.map(() => h("td", {}, h("i"))));
    return h(
      "tr",
      { "data-at": at, tabindex: "0", "aria-label": rowName(item), onclick: () => open(item),
        onkeydown: (event) => event.key === "Enter" && open(item) },
      columns.map((column) => h("td", { class: column.kind || "" }, column.cell(item)))
    );
  }

  let frame = 0;
  view.addEventListener("scroll", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(paint);
  });

  return {
    element: view,
    reload() {
      version += 1;
      failed = false;
      total = 0;
      newest = null;
      known.clear();
      asked.clear();
      view.scrollTop = 0;
      paint();
      return load(0);
    },
  };
}
