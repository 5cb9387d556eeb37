"use strict";
/* Keys, ticks, theme and polling. Every page works without it, by its forms and links. */

const within = (root, selector) => Array.from(root.querySelectorAll(selector));
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

/* Theme: a cookie, so that the page comes in it. */
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
});

/* A page that nobody sees asks for nothing; nor does one in which somebody is typing. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (!part.hasAttribute("data-live")) return;
  const busy = part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  if (document.hidden || busy) event.preventDefault();
});

/* Rows: one is at hand; ticks are counted. */
const rows = () => within(document, "tr[data-row]");
const at = () => document.querySelector("tr.at");

function moveTo(row) {
  if (!row) return;
  const former = at();
  if (former) former.classList.remove("at");
  row.classList.add("at");
  row.scrollIntoView({ block: "nearest" });
  const link = row.querySelector("a.cell");
  if (link) link.focus({ preventScroll: true });
}

function step(by) {
  const all = rows();
  const now = all.indexOf(at());
  moveTo(all[Math.min(Math.max(now + by, 0), all.length - 1)]);
}

function count() {
  const ticked = within(document, "tr[data-row] input[name=item]:checked");
  within(document, "tr[data-row]").forEach((row) => row.classList.toggle("ticked", Boolean(row.querySelector("input[name=item]:checked"))));
  const bulk = document.querySelector(".bulk");
  if (!bulk) return;
  bulk.hidden = ticked.length === 0;
  bulk.querySelector(".count").textContent = `${ticked.length} ticked`;
  const all = document.querySelector("[data-tick-all]");
  if (all) all.checked = ticked.length > 0 && ticked.length === rows().length;
}

function tick(row) {
  const box = row && row.querySelector("input[name=item]");
  if (!box) return;
  box.checked = !box.checked;
  count();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) within(document, "tr[data-row] input[name=item]").forEach((box) => { box.checked = event.target.checked; });
  if (event.target.matches("[data-tick-all], input[name=item]")) count();
  if (event.target.matches("[name=decision]")) fit(event.target.form);
});

/* A decision shows the fields that it takes. */
function fit(form) {
  if (!form) return;
  const field = form.querySelector("[name=decision]:checked") || form.querySelector("select[name=decision]");
  const chosen = field ? field.value : "";
  within(form, "[data-for]").forEach((part) => {
    const wanted = part.dataset.for === chosen;
    part.hidden = !wanted;
    within(part, "input, select, textarea").forEach((input) => { input.disabled = !wanted; });
  });
  const button = form.querySelector("[data-decide]");
  if (button) button.disabled = !chosen;
}

function decide(value) {
  const bulk = document.querySelector(".bulk");
  const field = bulk && !bulk.hidden
    ? bulk.querySelector(`select[name=decision] option[value="${value}"]`)
    : document.querySelector(`.choices input[value="${value}"]`);
  if (!field) return;
  const form = field.closest("form");
  if (field.tagName === "OPTION") field.selected = true; else field.checked = true;
  fit(form);
  (form.querySelector("[data-for]:not([hidden]) input:not([type=hidden]), [data-for]:not([hidden]) select") || form.querySelector("[data-decide]")).focus();
}

const go = (selector) => { const link = document.querySelector(selector); if (link) link.click(); return Boolean(link); };
const help = () => { const box = document.getElementById("keys"); if (box) box.open ? box.close() : box.showModal(); };
const KEYS = {
  j: () => go("[data-next]") || step(1),
  k: () => go("[data-before]") || step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  x: () => tick(at()),
  o: () => { const link = at() && at().querySelector("a.cell"); if (link) link.click(); },
  u: () => go("[data-back]"),
  s: () => decide("send back"),
  r: () => decide("resolved by hand"),
  c: () => decide("corrected - send back"),
  a: () => decide("assign to"),
  p: () => decide("pend until"),
  n: () => decide("not mine"),
  w: () => decide("write off"),
  "/": () => { const field = document.querySelector(".filters input, .filters select"); if (field) field.focus(); },
  "?": help,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key.startsWith("Arrow") && !document.querySelector("table[data-keys]")) return;
  if (event.key === " " && at() && event.target.closest("a.cell")) { event.preventDefault(); tick(at()); return; }
  const work = KEYS[event.key];
  if (!work) return;
  event.preventDefault();
  work();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-open]")) help();
  if (event.target.closest("[data-keys-close]")) document.getElementById("keys").close();
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest("tr[data-row]");
  if (row && row !== at()) { const former = at(); if (former) former.classList.remove("at"); row.classList.add("at"); }
});

function ready() {
  within(document, "form[data-decides]").forEach(fit);
  count();
}
document.addEventListener("htmx:afterSettle", ready);
document.addEventListener("DOMContentLoaded", ready);
