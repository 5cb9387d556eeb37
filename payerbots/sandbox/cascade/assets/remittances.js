// The list of remittances with its filters, and the drawer with a document.
import { get } from "./api.js";
import { dollars, h, icon, layout, show, usDate } from "./dom.js";
import { virtualTable } from "./grid.js";
import { t } from "./labels.js";
import { dateField, dropDown, field, toast } from "./widgets.js";

const METHODS = { ACH: "Direct deposit", CHK: "Check", CARD: "Virtual card", NON: "No payment" };
const PERIODS = [
  { value: "7", label: "Last 7 days" },
  { value: "30", label: "Last 30 days" },
  { value: "90", label: "Last 90 days" },
  { value: "own", label: "Choose dates" },
];
const today = document.documentElement.dataset.today;
const back = (days) => new Date(Date.parse(today) - days * 86400000).toISOString().slice(0, 10);

function columns() {
  const all = [
    { key: "number", cell: (item) => h("span", { class: "number" }, item.number) },
    { key: "paid", cell: (item) => usDate(item.paid_on) },
    { key: "method", cell: (item) => METHODS[item.method] },
    { key: "trace", cell: (item) => item.trace || "—" },
    { key: "amount", kind: "money", cell: (item) => dollars(item.amount) },
    { key: "claims", kind: "money", cell: (item) => String(item.claims) },
    { key: "posted", cell: (item) => usDate(item.posted) },
    { key: "state", cell: (item) => h("span", { class: `badge ${item.ready ? "good" : "soon"}` }, item.ready ? "Ready" : `From ${usDate(item.available)}`) },
  ].map((column) => ({ ...column, label: t(`col_${column.key}`) }));
  return layout === 2 ? [all[6], all[0], all[3], all[4], all[1], all[2], all[5], all[7]] : all;
}

export async function remittancesPage(main, context) {
  const filters = filterBar(() => reload());
  const count = h("strong", { id: "count" });
  const banner = h("div", { id: "news" });
  const drawer = h("div", { id: "drawer-place" });
  const list = virtualTable({
    columns: columns(),
    rowName: (item) => `Open document ${item.number}`,
    fetchPiece: (offset, limit) => get(`/api/remittances?${filters.query()}&offset=${offset}&limit=${limit}`),
    open: (item) => openDrawer(drawer, item),
    loaded: (total, moved) => {
      if (total === null) return context.alive() && context.go("/trouble", { replace: true });
      count.textContent = total === 1 ? "1 remittance" : `${total} remittances`;
      if (moved) show(banner, h("div", { class: "banner news" }, "New remittances have been posted. ", h("button", { type: "button", class: "link", onclick: reload }, "Refresh the list")));
      return undefined;
    },
  });
  const reload = async () => {
    show(banner);
    count.textContent = "";
    await list.reload();
  };
  show(main,
    h("div", { class: "page-head" }, h("div", {}, h("h1", {}, layout === 2 ? "Payments & EOBs" : "Remittances"), h("p", { class: "muted" }, "Explanations of benefits for your locations, as PDF."))),
    h("section", { class: "card", id: "remittances" }, filters.element, banner, h("div", { class: "grid-head" }, count), list.element),
    drawer);
  await reload();
}

function filterBar(apply) {
  let own = null;
  const dates = h("div", { class: "own-dates" });
  const drawDates = () => {
    own = { from: dateField(t("from"), { value: back(30), last: today }), to: dateField(t("to"), { value: today, last: today }) };
    show(dates, own.from.element, own.to.element);
  };
  const period = dropDown(t("period"), PERIODS, { value: "30", change: (value) => {
    own = null;
    if (value === "own") drawDates();
    else show(dates);
  } });
  const method = dropDown(t("method"), [{ value: "", label: "All methods" }, ...Object.entries(METHODS).map(([value, label]) => ({ value, label }))]);
  const search = field(t("search"), h("input", { type: "search", autocomplete: "off" }));
  const element = h("form", { class: "filters", onsubmit: (event) => { event.preventDefault(); apply(); } },
    period.element, dates, method.element, search.element,
    h("button", { type: "submit", class: "button" }, t("apply")));
  const query = () => {
    const from = own ? own.from.value : back(Number(period.value));
    const to = own ? own.to.value : today;
    return new URLSearchParams({ from, to, method: method.value, search: search.value }).toString();
  };
  return { element, query };
}

function openDrawer(where, item) {
  const close = () => show(where);
  const fact = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, value || "—"));
  const document_ = item.ready
    ? h("iframe", { title: "Document", name: "document-viewer", src: `/documents/${item.number}`, class: "document-frame" })
    : h("div", { class: "viewer-empty", id: "not-ready" }, h("h3", {}, "Not published yet"), h("p", {}, `The document can be opened from ${usDate(item.available)}.`));
  show(where, h("div", { class: "drawer-shade", onclick: close }),
    h("aside", { class: "drawer", role: "dialog", "aria-label": `Document ${item.number}` },
      h("header", {}, h("h2", { id: "drawer-title" }, `Document ${item.number}`), h("button", { type: "button", class: "icon-button", "aria-label": "Close document", onclick: close }, icon("close"))),
      h("dl", { class: "facts", id: "drawer-facts" },
        fact(t("col_trace"), item.trace), fact(t("col_amount"), dollars(item.amount)), fact(t("col_paid"), usDate(item.paid_on)), fact(t("col_claims"), String(item.claims))),
      document_));
}

window.addEventListener("message", (event) => {
  if (event.origin === location.origin && event.data.kind === "download") toast(`Downloading ${event.data.name}`, "good");
});
