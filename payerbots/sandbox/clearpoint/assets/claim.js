// A claim: its summary, its history, and the editor. Saving is not submitting.
import { call, get, HANDLED } from "./api.js";
import { fieldLabel, t } from "./labels.js";
import { busy, dialog, dollars, field, h, icon, pill, show } from "./ui.js";

const GROUPS = {
  tab_patient: ["payer_id", "payer_name", "subscriber.member_id", "subscriber.last", "subscriber.first", "subscriber.middle", "subscriber.suffix", "subscriber.birth_date", "subscriber.sex", "subscriber.street", "subscriber.city", "subscriber.state", "subscriber.zip"],
  tab_provider: ["billing.name", "billing.npi", "billing.tax_id", "billing.street", "billing.city", "billing.state", "billing.zip", "rendering.npi", "ordering.last", "ordering.first", "ordering.npi"],
  tab_claim: ["claim.diagnoses", "claim.place", "claim.frequency", "claim.charge"],
};
const FIXED = ["payer_name", "claim.charge"];
const LINE = ["hcpcs", "modifiers", "charge", "units", "from", "to", "pointers"];
const HEADS = ["Line", "HCPCS", "Modifiers", "Charge", "Units", "From", "To", "Pointers", "Certificate"];

export async function claimPage(main, { go, alive, params, guard }) {
  let claim = await get(`/api/claims/${params.control}`);
  let editing = false;
  let draft = null;
  let tab = location.hash === "#history" ? "tab_history" : "tab_summary";
  const dirty = () => editing && Object.keys(draft).some((name) => draft[name] !== claim.fields[name]);
  guard.dirty = dirty;
  guard.leave = () => editing && call("DELETE", `/api/claims/${claim.control}/lock`).catch(() => {});

  function paint() {
    const tabs = editing ? ["tab_patient", "tab_provider", "tab_claim", "tab_lines", "tab_attachments", "tab_history"] : ["tab_summary", "tab_history"];
    if (!tabs.includes(tab)) [tab] = tabs;
    show(main,
      h("div", { class: "head claim-head" },
        h("div", {}, h("p", { class: "quiet small" }, editing ? "Editing claim" : "Claim"), h("h1", { id: "control" }, claim.control),
          h("p", { class: "facts" }, h("span", { id: "standing" }, pill(claim.standing)), h("span", { class: "quiet" }, "Rev. ", h("b", { id: "version" }, claim.version)), h("span", {}, claim.fields.payer_name), h("span", { id: "charge" }, dollars(claim.fields["claim.charge"])), claim.draft && h("span", { class: "pill draft", id: "draft" }, "Draft not submitted"))),
        h("div", { class: "buttons", id: editing ? "editing" : "viewing" }, editing
          ? [h("button", { type: "button", class: "btn", onclick: leave }, t("cancel")), h("button", { type: "button", class: "btn", onclick: save }, t("save")), h("button", { type: "button", class: "btn primary", onclick: review }, t("submit"))]
          : h("button", { type: "button", class: "btn primary", onclick: edit }, t("edit")))),
      verdict(),
      h("div", { class: "tabs", role: "tablist" }, tabs.map((name) => h("button", { type: "button", role: "tab", "aria-selected": String(name === tab), class: name === tab ? "tab here" : "tab", onclick: () => { tab = name; paint(); } }, t(name), faulty(name) ? h("span", { class: "dot", title: "Has messages" }) : null))),
      panel());
  }

  const faulty = (name) => editing && Object.keys(claim.faults).some((one) => where(one) === name);
  const where = (name) => name.startsWith("line.") ? (name.endsWith("certificate") ? "tab_attachments" : "tab_lines") : Object.keys(GROUPS).find((group) => GROUPS[group].includes(name));

  function verdict() {
    const last = claim.responses[0];
    if (!last || !last.rejected) return null;
    return h("section", { class: "verdict", id: "verdict" }, icon("warn", 22),
      h("div", {}, h("strong", {}, `Rejected by ${last.source.toLowerCase()} on ${last.at}`), h("ul", {}, last.statuses.map((one) => h("li", {}, h("code", {}, one.code), ` ${one.text}`)))));
  }

  function panel() {
    if (tab === "tab_history") return historyPanel();
    if (tab === "tab_summary") return summary();
    if (tab === "tab_lines") return h("section", { class: "card flush", role: "tabpanel", id: "linesTab" }, lineEditor());
    if (tab === "tab_attachments") return h("section", { class: "card", role: "tabpanel", id: "attachmentsTab" }, claim.lines.map(certificate));
    return h("section", { class: "card grid", role: "tabpanel", id: `${tab.slice(4)}Tab` }, GROUPS[tab].map(input));
  }

  function summary() {
    const facts = (names) => h("dl", { class: "facts-list" }, names.map((name) => h("div", {}, h("dt", {}, fieldLabel(name)), h("dd", { "data-field": name }, claim.fields[name] || "-"))));
    const cell = (number, name) => claim.fields[`line.${number}.${name}`] || "-";
    return h("div", { id: "summary", role: "tabpanel" },
      h("div", { class: "two" }, h("section", { class: "card" }, h("h2", {}, t("tab_patient")), facts(GROUPS.tab_patient)), h("section", { class: "card" }, h("h2", {}, t("tab_provider")), facts(GROUPS.tab_provider))),
      h("section", { class: "card" }, h("h2", {}, t("tab_claim")), facts(GROUPS.tab_claim)),
      h("section", { class: "card flush" }, h("h2", { class: "pad" }, t("tab_lines")),
        h("table", { class: "plain", id: "lines" }, h("thead", {}, h("tr", {}, HEADS.map((name) => h("th", { scope: "col" }, name)))),
          h("tbody", {}, claim.lines.map((number) => h("tr", {}, h("td", {}, number), [...LINE, "certificate"].map((name) => h("td", {}, cell(number, name)))))))));
  }

  const text = (name, given = {}) => h("input", { type: "text", name, value: draft[name], autocomplete: "off", ...given, oninput: (event) => { draft[name] = event.target.value; } });
  const input = (name) => field(fieldLabel(name), FIXED.includes(name) ? h("input", { type: "text", name, value: draft[name], readonly: true }) : text(name), { name, error: claim.faults[name] });

  function lineEditor() {
    const modifiers = (number) => {
      const name = `line.${number}.modifiers`;
      const parts = draft[name].split(" ");
      const boxes = [0, 1, 2, 3].map((at) => h("input", { type: "text", maxlength: 2, class: "mod", name: `line.${number}.mod.${at + 1}`, "aria-label": `Line ${number} modifier ${at + 1}`, value: parts[at] || "", oninput: () => { draft[name] = boxes.map((box) => box.value.trim().toUpperCase()).filter(Boolean).join(" "); } }));
      return h("div", { class: "mods" }, boxes);
    };
    const box = (number, name) => name === "modifiers" ? modifiers(number) : text(`line.${number}.${name}`, { "aria-label": `Line ${number} ${name}`, class: `cell ${name}` });
    const told = (number) => LINE.map((name) => claim.faults[`line.${number}.${name}`]).filter(Boolean).map((one) => h("p", { class: "field-error", role: "alert" }, one));
    return h("table", { class: "plain lines" }, h("thead", {}, h("tr", {}, HEADS.slice(0, -1).map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, claim.lines.map((number) => [h("tr", {}, h("td", {}, number), LINE.map((name) => h("td", {}, box(number, name)))), told(number).length ? h("tr", { class: "told" }, h("td", { colspan: 8 }, told(number))) : null])));
  }

  function certificate(number) {
    const name = `line.${number}.certificate`;
    const error = claim.faults[name];
    const title = h("h3", {}, `Line ${number} · ${draft[`line.${number}.hcpcs`]}`);
    if (!draft[name]) return h("div", { class: "cmn", "data-line": number }, title, h("p", { class: "quiet" }, "No certificate of medical necessity."));
    return h("div", { class: error ? "cmn wrong" : "cmn", "data-line": number }, title,
      h("p", {}, `CMN form ${draft[name]}`), h("dl", { class: "facts-list" }, (claim.certificates[number] || []).map(([question, answer]) => h("div", {}, h("dt", {}, `Question ${question}`), h("dd", {}, answer)))),
      error && h("p", { class: "field-error", role: "alert" }, error),
      h("button", { type: "button", class: "btn small", "aria-label": `Remove certificate of line ${number}`, onclick: () => { draft[name] = ""; paint(); } }, "Remove certificate"));
  }

  function historyPanel() {
    const head = (names) => h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, name))));
    return h("div", { role: "tabpanel", id: "history" },
      h("section", { class: "card flush" }, h("h2", { class: "pad" }, "Submissions"), h("p", { class: "quiet pad", id: "submissionCount" }, `${claim.submissions.length} submissions`),
        h("table", { class: "plain", id: "submissions" }, head(["Submitted", "How", "By", "Confirmation", "Reference"]),
          h("tbody", {}, claim.submissions.map((one) => h("tr", {}, h("td", { class: "nowrap" }, one.at), h("td", {}, one.how), h("td", {}, one.by), h("td", {}, one.confirmation), h("td", {}, one.reference || "-")))))),
      h("section", { class: "card flush" }, h("h2", { class: "pad" }, "Responses"),
        claim.responses.length ? h("table", { class: "plain", id: "responses" }, head(["Received", "From", "Result", "Codes", "Their number"]),
          h("tbody", {}, claim.responses.map((one) => h("tr", {}, h("td", { class: "nowrap" }, one.at), h("td", {}, one.source), h("td", {}, pill(one.rejected ? "Rejected" : "Accepted")), h("td", {}, one.statuses.map((each) => `${each.code} ${each.text}`).join("; ")), h("td", {}, one.number))))) : h("p", { class: "empty" }, "Nobody has answered yet.")));
  }

  async function edit() {
    try {
      await call("POST", `/api/claims/${claim.control}/lock`);
      claim = await get(`/api/claims/${claim.control}`);
    } catch (error) {
      if (error.code === "locked") return locked(error);
      return failed(error);
    }
    editing = true;
    draft = { ...claim.fields };
    tab = "tab_patient";
    return paint();
  }

  function locked(error) {
    dialog({ name: "locked", title: "Somebody else is editing this claim", body: h("p", {}, error.details.by ? `${error.details.by} has been editing ${claim.control} since ${error.details.since}. You can read it meanwhile.` : "Your edit lock has run out."), actions: [{ label: "Read only", act: reload }] });
  }

  function stale() {
    dialog({ name: "stale", title: "This claim has changed", body: h("p", {}, "Somebody changed the claim after you opened it. Your changes were not saved."), actions: [{ label: "Reload claim", kind: "primary", act: reload }] });
  }

  async function reload() {
    editing = false;
    try {
      claim = await get(`/api/claims/${claim.control}`);
      if (alive()) paint();
    } catch (error) {
      failed(error);
    }
  }

  function failed(error) {
    if (HANDLED.includes(error.code)) return;
    dialog({ name: "failed", title: "That did not work", body: h("p", {}, "Something went wrong on our side. Please try again in a moment."), actions: [{ label: "Close" }] });
  }

  async function save() {
    const done = busy("Saving…");
    try {
      const found = await call("PUT", `/api/claims/${claim.control}`, { version: claim.version, fields: draft });
      Object.assign(claim, { version: found.version, fields: found.fields, faults: found.faults, draft: true });
      draft = { ...found.fields };
      done();
      const count = Object.keys(found.faults).length;
      if (count) tab = where(Object.keys(found.faults)[0]);
      paint();
      main.querySelector(".claim-head").after(h("p", { class: count ? "banner bad" : "banner good", role: "status", id: count ? "savedWithFaults" : "saved" }, count ? `Draft saved at ${found.saved_at} with ${count} message${count > 1 ? "s" : ""}. Correct them before you submit.` : `Draft saved at ${found.saved_at}. It is not submitted yet.`));
    } catch (error) {
      done();
      if (error.code === "stale") return stale();
      if (error.code === "locked") return locked(error);
      return failed(error);
    }
    return undefined;
  }

  function review() {
    if (dirty()) {
      dialog({ name: "save-first", title: "Save your changes first", body: h("p", {}, "Only what is saved can be submitted."), actions: [{ label: "OK" }] });
      return;
    }
    const changes = Object.keys(claim.fields).filter((name) => claim.fields[name] !== claim.sent[name]);
    const reference = h("input", { type: "text", name: "reference", maxlength: 30, autocomplete: "off" });
    dialog({ name: "review", wide: true, title: `Submit ${claim.control}?`, body: h("div", {},
      h("p", {}, `The claim goes to ${claim.fields.payer_name} as a new claim. It cannot be called back.`),
      changes.length ? h("table", { class: "plain", id: "changes" }, h("thead", {}, h("tr", {}, ["Field", "As submitted", "Now"].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, changes.map((name) => h("tr", {}, h("td", {}, fieldLabel(name)), h("td", {}, claim.sent[name] || "-"), h("td", {}, claim.fields[name] || "-"))))) : h("p", { id: "noChanges" }, "Nothing has been changed since it was submitted last."),
      field("Your reference (optional)", reference)),
    actions: [{ label: "Go back" }, { label: t("submit_now"), kind: "primary", id: "submitNow", act: () => submit(reference.value) }] });
  }

  async function submit(reference) {
    const done = busy("Submitting…");
    try {
      const found = await call("POST", `/api/claims/${claim.control}/submission`, { version: claim.version, reference });
      editing = false;
      done();
      show(main, h("section", { class: "card done", id: "submitted" }, h("span", { class: "done-icon" }, icon("check", 30)), h("h1", {}, "Claim submitted"),
        h("dl", { class: "facts-list" }, [["Claim number", claim.control], ["Confirmation number", found.confirmation], ["Submitted", found.at]].map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
        h("div", { class: "actions" }, h("button", { type: "button", class: "btn", onclick: () => go(`/claims/${claim.control}#history`) }, t("tab_history")), h("button", { type: "button", class: "btn primary", onclick: () => go("/rejections") }, t("nav_rejections")))));
    } catch (error) {
      done();
      if (HANDLED.includes(error.code)) return;
      if (error.code === "stale") return stale();
      if (error.code === "locked") return locked(error);
      if (error.code === "faults") { claim.faults = error.details.faults; tab = where(Object.keys(claim.faults)[0]); return paint(); }
      editing = false;
      show(main, h("section", { class: "card done", id: "uncertain" }, h("span", { class: "done-icon bad" }, icon("warn", 30)), h("h1", {}, "We did not get an answer in time"),
        h("p", {}, `Claim ${claim.control} may or may not have been submitted. Look at its history before you submit it again.`),
        h("div", { class: "actions" }, h("button", { type: "button", class: "btn primary", onclick: () => go(`/claims/${claim.control}#history`) }, "Look at the history"))));
    }
    return undefined;
  }

  function leave() {
    const away = async () => { await guard.leave(); await reload(); };
    if (!dirty()) return away();
    return dialog({ name: "unsaved", title: "You have unsaved changes", body: h("p", {}, "If you leave now, they are lost."), actions: [{ label: "Leave without saving", act: away }, { label: "Stay", kind: "primary" }] });
  }
  paint();
}
