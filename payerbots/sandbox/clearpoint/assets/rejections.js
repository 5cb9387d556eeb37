// The worklist: filters, a list that grows while it is scrolled, columns in the user's own order.
import { call, get, query } from "./api.js";
import { t } from "./labels.js";
import { dollars, field, h, icon, pill, show } from "./ui.js";

const STATUSES = [["open", "Open"], ["resubmitted", "Resubmitted"], ["resolved", "Resolved"], ["all", "All"]];
const NEAR = 120;

export async function rejectionsPage(main, { go, me, alive }) {
  const asked = new URLSearchParams(location.search);
  const filters = { status: asked.get("status") || "open", payer: asked.get("payer") || "", since: asked.get("since") || "", q: asked.get("q") || "" };
  const status = h("select", { name: "status" }, STATUSES.map(([value, label]) => h("option", { value, selected: value === filters.status }, label)));
  const payer = h("select", { name: "payer" }, h("option", { value: "" }, "All payers"));
  const since = h("input", { type: "date", name: "since", value: filters.since });
  const q = h("input", { type: "search", name: "q", placeholder: "Claim, patient or member ID", value: filters.q });
  const head = h("div", { class: "list-head" });
  const foot = h("div", { class: "list-foot" });
  const scroller = h("div", { class: "scroller", id: "worklistScroll", tabindex: "0" });
  const chooser = h("div", { class: "chooser", hidden: true });
  let order = [...me.columns];
  let rows = [];
  let total = 0;
  let pending = false;
  let version = 0;

  show(main,
    h("div", { class: "head" }, h("h1", {}, t("nav_rejections")), h("p", { class: "quiet" }, "Claims that came back before a payer adjudicated them.")),
    h("form", { class: "card filters", onsubmit: (event) => { event.preventDefault(); apply(); } },
      field(t("status"), status), field(t("payer"), payer), field("Rejected since", since), field("Search", q),
      h("button", { type: "submit", class: "btn primary" }, t("apply"))),
    h("section", { class: "card flush" }, head, chooser, scroller));

  function apply() {
    Object.assign(filters, { status: status.value, payer: payer.value, since: since.value, q: q.value });
    history.replaceState({}, "", `/rejections?${query(filters)}`);
    return load();
  }

  async function load() {
    version += 1;
    rows = [];
    total = 0;
    pending = false;
    show(head, h("span", { class: "quiet" }, "Loading"));
    show(scroller, h("div", { class: "loading small", role: "status" }, h("span", { class: "ring" }), "Loading rejections"));
    await more();
  }

  async function more() {
    if (pending || (rows.length && rows.length >= total)) return;
    pending = true;
    const mine = version;
    show(foot, h("span", { class: "ring", id: "listBusy" }));
    try {
      const found = await get(`/api/rejections?${query({ ...filters, offset: rows.length })}`);
      if (mine !== version || !alive()) return;
      total = found.total;
      rows.push(...found.items);
      if (payer.options.length === 1) payer.append(...found.payers.map((name) => h("option", { value: name, selected: name === filters.payer }, name)));
      pending = false;
      paint();
      if (rows.length < total && scroller.scrollHeight <= scroller.clientHeight + NEAR) more();
    } catch (error) {
      pending = false;
      if (rows.length) show(foot, h("span", { class: "bad-text", id: "listFailed" }, "More rejections could not be loaded."), h("button", { type: "button", class: "btn small", onclick: more }, "Try again"));
      else throw error;
    }
  }

  scroller.addEventListener("scroll", () => {
    if (scroller.scrollTop + scroller.clientHeight > scroller.scrollHeight - NEAR) more();
  });

  function paint() {
    const at = scroller.scrollTop;
    show(head, h("strong", { id: "count" }, `${total} claims`), h("span", { class: "quiet", id: "listFor" }, told(filters)),
      h("button", { type: "button", class: "btn small push", "aria-expanded": String(!chooser.hidden), onclick: () => { chooser.hidden = !chooser.hidden; paintChooser(); } }, icon("columns", 16), "Columns"));
    if (!total) return show(scroller, h("p", { class: "empty", id: "noRejections" }, "No rejections fit these filters."));
    show(foot, rows.length < total ? h("span", { class: "quiet", id: "listMore" }, `Showing ${rows.length} of ${total}`) : h("span", { class: "quiet", id: "listEnd" }, "End of list"));
    show(scroller, h("table", { class: "plain", id: "worklist" }, h("thead", {}, h("tr", {}, order.map(heading))), h("tbody", {}, rows.map(line))), foot);
    scroller.scrollTop = at;
  }

  const CELLS = {
    control: (one) => h("td", {}, h("a", { href: `/claims/${one.control}`, onclick: (event) => { event.preventDefault(); go(`/claims/${one.control}`); } }, one.control)),
    status: (one) => h("td", {}, pill(one.status)),
    charge: (one) => h("td", { class: "num" }, dollars(one.charge)),
    times: (one) => h("td", { class: "num" }, one.times),
    version: (one) => h("td", { class: "num" }, one.version),
    codes: (one) => h("td", { class: "codes" }, one.codes),
    rejected_at: (one) => h("td", { class: "nowrap" }, one.rejected_at),
  };
  const line = (one) => h("tr", {}, order.map((name) => (CELLS[name] ? CELLS[name](one) : h("td", {}, one[name]))));

  function heading(name) {
    const cell = h("th", { scope: "col", draggable: "true", "data-column": name, class: ["charge", "times", "version"].includes(name) ? "num" : "" }, icon("grip", 13), t(name));
    cell.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", name));
    cell.addEventListener("dragover", (event) => event.preventDefault());
    cell.addEventListener("drop", (event) => { event.preventDefault(); move(event.dataTransfer.getData("text/plain"), order.indexOf(name)); });
    return cell;
  }

  function paintChooser() {
    show(chooser, order.map((name, at) => h("div", { class: "chooser-row" }, h("span", {}, t(name)),
      h("button", { type: "button", class: "icon-btn", disabled: at === 0, "aria-label": `Move ${t(name)} up`, onclick: () => move(name, at - 1) }, icon("up", 15)),
      h("button", { type: "button", class: "icon-btn", disabled: at === order.length - 1, "aria-label": `Move ${t(name)} down`, onclick: () => move(name, at + 1) }, icon("down", 15)))));
  }

  async function move(name, to) {
    if (!order.includes(name)) return;
    order = order.filter((one) => one !== name);
    order.splice(to, 0, name);
    me.columns = [...order];
    paint();
    if (!chooser.hidden) paintChooser();
    await call("PUT", "/api/rejections/columns", { columns: order }).catch(() => {});
  }
  await load();
}

function told(filters) {
  const status = STATUSES.find(([value]) => value === filters.status)[1];
  return `Status: ${status} · Payer: ${filters.payer || "All payers"} · Since: ${filters.since || "any day"} · Search: ${filters.q || "none"}`;
}
