// Small tools: elements, icons, dialogs, toasts.
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(4).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const show = (where, ...children) => where.replaceChildren(...children.flat(4).filter(Boolean));

const PATHS = {
  home: "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-5H9v5H5a1 1 0 0 1-1-1z",
  inbox: "M4 13l2.500-8h11L20 13v6H4zM4 13h5l1 2.500h4L15 13h5",
  list: "M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.200 16.200 20.500 20.500",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  columns: "M4 5h16v14H4zM10 5v14M15 5v14",
  up: "M6 14l6-6 6 6",
  down: "M6 10l6 6 6-6",
  warn: "M12 4 2.500 20h19zM12 10v4.500M12 17.200v.01",
  check: "M5 12.500l4.500 4.500L19 7.500",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  download: "M12 4v11M7.500 11l4.500 4.500 4.500-4.500M5 20h14",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
};

export function icon(name, size = 18) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const given = { viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(given)) svg.setAttribute(key, value);
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

const overlays = () => document.getElementById("overlays");
export const clearOverlays = () => overlays().replaceChildren();

export function dialog({ name, title, body, actions, wide = false }) {
  const close = () => shade.remove();
  const buttons = actions.map(({ label, kind = "", act, id }) =>
    h("button", { type: "button", id, class: `btn ${kind}`, onclick: () => { close(); if (act) act(); } }, label));
  const shade = h("div", { class: "shade", "data-dialog": name },
    h("div", { class: wide ? "modal wide" : "modal", role: "dialog", "aria-modal": "true", "aria-label": title },
      h("h2", {}, title), body, h("div", { class: "actions" }, buttons)));
  overlays().append(shade);
  buttons[buttons.length - 1].focus();
  return close;
}

export function busy(text) {
  const shade = h("div", { class: "shade", "data-dialog": "busy" }, h("div", { class: "modal busy", role: "status" }, h("span", { class: "ring" }), text));
  overlays().append(shade);
  return () => shade.remove();
}

export function toast(text) {
  const one = h("div", { class: "toast", role: "status" }, icon("check", 16), text);
  overlays().append(one);
  setTimeout(() => one.remove(), 3500);
}

let serial = 0;
export function field(label, control, { name = "", error = "", hint = "" } = {}) {
  const id = `f${(serial += 1)}`;
  control.id = id;
  return h("div", { class: error ? "field wrong" : "field", "data-field": name },
    h("label", { for: id }, label), control,
    error && h("p", { class: "field-error", role: "alert" }, error),
    hint && h("p", { class: "hint" }, hint));
}

export const pill = (text) => h("span", { class: `pill ${text.toLowerCase().replaceAll(" ", "-")}` }, text);
const DOLLARS = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
export const dollars = (text) => DOLLARS.format(Number(text));
export const loading = (text = "Loading") => h("div", { class: "loading", role: "status" }, h("span", { class: "ring" }), text);
