// An answer: cards, then benefits and items, each loaded by itself.
import { get } from "./api.js";
import { dollars, h, layout, show, usDate } from "./dom.js";
import { t } from "./labels.js";

const MESSAGES = {
  not_found: ["Member not found", "We couldn't find a member who matches these details."],
  mismatch: ["Details do not match", "The name or date of birth differs from what we have for this member ID."],
  several: ["More than one member matches", "Add the member ID to tell them apart."],
  try_later: ["No answer right now", "We can't reach the records of this member at the moment. Please try later."],
  not_enrolled: ["Provider not enrolled", "This provider isn't enrolled for electronic eligibility. Call Provider Enrollment at 1-800-555-0177."],
};
const BENEFITS = {
  deductible: ["Deductible", "Annual deductible"],
  out_of_pocket: ["Out-of-pocket maximum", "Out-of-pocket limit"],
  coinsurance: ["Coinsurance", "Patient coinsurance"],
  copay: ["Copay", "Copayment"],
};
const word = (pair) => pair[layout === 2 ? 1 : 0];
const yesNo = (value) => (value === null || value === undefined ? "—" : value ? "Yes" : "No");
const facts = (id, title, pairs) =>
  h("section", { class: "card", id }, h("h2", {}, title),
    h("dl", { class: "facts" }, pairs.filter(Boolean).map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value || "—")))));

export async function answerPage(main, { go, params, alive }) {
  const found = await get(`/api/eligibility/inquiries/${params.key}`);
  const again = h("button", { type: "button", class: "button quiet", onclick: () => go("/eligibility") }, "New inquiry");
  const head = h("div", { class: "page-head" }, h("div", {}, h("h1", {}, layout === 2 ? "Coverage results" : "Coverage answer")), again);
  if (!alive()) return;
  if (found.kind !== "found") return show(main, head, message(found), about(found.about));
  const late = [h("section", { class: "card", id: "benefits" }), h("section", { class: "card", id: "items" })];
  const cards = [about(found.about), coverage(found), other(found.other)];
  if (layout === 2) cards.reverse();
  show(main, head, h("div", { class: "cards", id: "answer" }, cards), late);
  await Promise.all([
    section(late[0], "Equipment benefits", `/api/eligibility/inquiries/${found.key}/benefits`, benefits),
    section(late[1], "Authorization and equipment on file", `/api/eligibility/inquiries/${found.key}/items`, items),
  ]);
}

async function section(where, title, path, draw) {
  const load = async () => {
    show(where, h("h2", {}, title), h("div", { class: "working", role: "status" }, h("span", { class: "spinner" }), "Loading"));
    try {
      const found = await get(path);
      show(where, h("h2", {}, title), draw(found));
      where.setAttribute("data-loaded", "");
    } catch {
      show(where, h("h2", {}, title), h("p", { class: "banner bad", role: "alert" }, "This part could not be loaded. ",
        h("button", { type: "button", class: "link", onclick: load }, "Try again")));
      where.setAttribute("data-failed", "");
    }
  };
  await load();
}

function message(found) {
  const [title, text] = MESSAGES[found.kind];
  return h("section", { class: `card outcome ${found.kind.replace("_", "-")}`, id: "outcome" }, h("h2", {}, title), h("p", {}, text),
    found.members && h("table", { class: "plain" },
      h("thead", {}, h("tr", {}, ["Member", "Date of birth", "City", "Member ID"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, found.members.map((member) => h("tr", {}, [member.name, usDate(member.born), member.city, member.member_id].map((text_) => h("td", {}, text_)))))));
}

function about(found) {
  return facts("about", layout === 2 ? "Inquiry" : "Asked about", [
    [t("name"), found.name],
    [t("member_id"), found.member_id],
    [t("born"), usDate(found.born)],
    [t("on"), usDate(found.on)],
    [t("service_type"), found.service_type],
    [layout === 2 ? "HCPCS codes" : "Procedure codes", found.codes.join(", ")],
    [t("provider"), found.provider],
    [t("reference"), found.reference],
    [t("made_at"), `${usDate(found.made_at)} ${found.made_at.slice(11, 16)} UTC`],
  ]);
}

function coverage({ coverage: found }) {
  const badge = h("span", { class: `badge ${found.active ? "good" : "bad"}` }, found.active ? "Active" : "Inactive");
  return facts("coverage", "Coverage", [
    [t("status"), badge],
    [t("plan"), found.plan],
    [t("plan_type"), found.plan_type],
    [t("starts"), usDate(found.starts)],
    [t("ends"), usDate(found.ends) || "Open-ended"],
    [t("network"), found.in_network === null ? "—" : found.in_network ? "In network" : "Out of network"],
    [t("referral"), yesNo(found.referral)],
  ]);
}

function other(found) {
  return facts("other", "Other insurance", [
    [t("order"), found && found.first ? "Second" : "First"],
    [t("other_payer"), found ? found.payer : "None on file"],
    found && [t("other_id"), found.payer_id],
    found && [t("other_number"), found.number],
    found && [layout === 2 ? "Kind" : "Kind of coverage", found.kind],
  ]);
}

function table(id, columns, rows) {
  return h("div", { class: "scroll" }, h("table", { class: "plain", id },
    h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell)))))));
}

function benefits(found) {
  if (!found.lines.length) return h("p", { class: "muted", id: "no-benefits" }, "Benefits are shown for coverage that is in force on the service date.");
  const order = ["benefit", "level", "network", "total", "met", "remaining"];
  const columns = layout === 2 ? ["network", "benefit", "level", "remaining", "met", "total"] : order;
  const cell = {
    benefit: (line) => word(BENEFITS[line.benefit]),
    level: (line) => (line.level === "family" ? "Family" : "Individual"),
    network: (line) => (line.network === "in" ? "In network" : "Out of network"),
    total: (line) => (line.percent === undefined ? dollars(line.total) : `${line.percent}%`),
    met: (line) => dollars(line.met) || "—",
    remaining: (line) => dollars(line.remaining) || "—",
  };
  const lines = layout === 2 ? [...found.lines].reverse() : found.lines;
  return [
    table("benefit-lines", columns.map((name) => t(`col_${name}`)), lines.map((line) => columns.map((name) => cell[name](line)))),
    !found.outside && h("p", { class: "muted", id: "inside-only" }, "This plan pays for services in network only."),
    h("dl", { class: "facts" }, h("div", {}, h("dt", {}, t("limit")), h("dd", {}, found.limit || "None"))),
  ];
}

function items(found) {
  if (!found.authorizations.length) return h("p", { class: "muted", id: "no-items" }, "Shown for coverage that is in force on the service date.");
  return [
    table("authorizations", ["col_code", "col_needed", "col_auth", "col_from", "col_to"].map(t),
      found.authorizations.map((line) => [`${line.code} ${line.description}`.trim(), yesNo(line.needed), line.number || "—", usDate(line.first) || "—", usDate(line.last) || "—"])),
    h("h3", {}, "Same or similar equipment on file"),
    found.equipment.length
      ? table("equipment", ["col_asked", "col_item", "col_supplier", "col_supplied", "col_months"].map(t),
          found.equipment.map((line) => [line.asked, `${line.code} ${line.description}`, line.supplier, usDate(line.supplied), line.months === null ? "Purchase" : `${line.months} of 13`]))
      : h("p", { class: "muted", id: "no-equipment" }, "Nothing on file in the last five years."),
  ];
}
