// The mailbox of reports.
import { get, query } from "./api.js";
import { layout, t } from "./labels.js";
import { dialog, field, h, icon, pill, show } from "./ui.js";

const KINDS = ["", "TA1", "999", "277CA", "Payer report"];
const STATES = [["new", "Not downloaded"], ["taken", "Downloaded"], ["all", "All"]];

export async function reportsPage(main, { alive }) {
  const asked = new URLSearchParams(location.search);
  const filters = { kind: asked.get("kind") || "", state: asked.get("state") || "new", since: asked.get("since") || "" };
  const kind = h("select", { name: "kind" }, KINDS.map((one) => h("option", { value: one, selected: one === filters.kind }, one || "All kinds")));
  const state = h("select", { name: "state" }, STATES.map(([value, label]) => h("option", { value, selected: value === filters.state }, label)));
  const since = h("input", { type: "date", name: "since", value: filters.since });
  const list = h("div", { id: "reportList", "aria-live": "polite" });
  const apply = () => {
    Object.assign(filters, { kind: kind.value, state: state.value, since: since.value });
    history.replaceState({}, "", `/reports?${query(filters)}`);
    return load();
  };
  show(main,
    h("div", { class: "head" }, h("h1", {}, t("nav_reports")), h("p", { class: "quiet" }, "Acknowledgments and status reports for your submitter ID.")),
    h("form", { class: "card filters", onsubmit: (event) => { event.preventDefault(); apply(); } },
      field("Kind", kind), field("State", state), field("Received since", since), h("button", { type: "submit", class: "btn primary" }, t("apply"))),
    h("section", { class: "card flush" }, list));

  async function load() {
    const mine = { ...filters };
    const same = () => alive() && JSON.stringify(mine) === JSON.stringify(filters);
    show(list, h("div", { class: "loading small", role: "status" }, h("span", { class: "ring" }), "Loading reports"));
    const body = h("tbody");
    const foot = h("div", { class: "list-foot" });
    let total = 0;
    async function more() {
      show(foot, h("span", { class: "ring" }));
      const found = await get(`/api/reports?${query({ ...mine, state: mine.state, offset: body.children.length })}`);
      if (!same()) return;
      total = found.total;
      body.append(...found.items.map(row));
      show(foot, body.children.length < total
        ? h("button", { type: "button", class: "btn", id: "moreReports", onclick: () => more() }, "Load more")
        : h("span", { id: "reportsEnd", class: "quiet" }, "End of list"));
      show(head, h("strong", { id: "reportCount" }, `${total} reports`), h("span", { class: "quiet", id: "reportsFor" }, told(mine)));
      if (list.firstChild !== head) show(list, head, total ? h("div", { class: "across-scroll" }, table) : h("p", { class: "empty", id: "noReports" }, "No reports fit these filters."), total ? foot : h("span", { id: "reportsEnd", class: "quiet" }, ""));
    }
    const head = h("div", { class: "list-head" });
    const names = layout === 2 ? ["Number", "Kind", "File", "Received", "From", "Claims", "Bytes", "State", ""] : ["Report", "Kind", "File name", "Sender", "Received", "Claims", "Size (bytes)", "Downloaded", ""];
    const table = h("table", { class: "plain", id: "reports" }, h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, name)))), body);
    await more();
  }

  function row(one) {
    const link = h("a", { class: "btn small", href: `/files/reports/${one.number}`, download: one.name, "aria-label": `${t("download")} ${one.number}`, onclick: () => setTimeout(() => { taken.textContent = "Downloaded just now"; }, 400) }, icon("download", 16));
    const view = one.text && h("button", { type: "button", class: "btn small", onclick: () => read(one) }, "View");
    const taken = h("span", { class: "quiet small", title: one.taken_at || "" }, one.taken_at ? `${one.taken_by}, ${one.taken_at.slice(0, 10)}` : "-");
    const at = h("td", { class: "nowrap" }, one.received_at);
    const from = h("td", {}, one.sender);
    return h("tr", {}, h("td", { class: "nowrap" }, one.number), h("td", {}, pill(one.kind)), h("td", {}, one.name), layout === 2 ? [at, from] : [from, at],
      h("td", { class: "num" }, one.claims), h("td", { class: "num" }, one.size), h("td", {}, taken), h("td", { class: "row-actions" }, view, link));
  }

  async function read(one) {
    const text = await (await fetch(`/files/reports/${one.number}?view=1`)).text();
    dialog({ name: "report", title: one.name, wide: true, body: h("pre", { class: "report" }, text), actions: [{ label: "Close" }] });
  }
  await load();
}

function told(filters) {
  const state = STATES.find(([value]) => value === filters.state)[1];
  return `Kind: ${filters.kind || "All kinds"} · State: ${state} · Since: ${filters.since || "any day"}`;
}
