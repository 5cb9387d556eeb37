// The form of an eligibility inquiry.
import { get, post } from "./api.js";
import { h, isoDate, layout, show } from "./dom.js";
import { t } from "./labels.js";
import { codeField, dateField, dropDown, field, toast } from "./widgets.js";

export async function eligibilityPage(main, { go }) {
  const choices = await get("/api/eligibility/choices");
  const text = (key, extra = {}) => field(t(key), h("input", { type: "text", autocomplete: "off", ...extra }), { name: key });
  const parts = {
    provider: dropDown(t("provider"), choices.providers, { placeholder: "Choose a location", name: "provider" }),
    service_type: dropDown(t("service_type"), choices.service_types, { placeholder: "Choose a service type", name: "service_type" }),
    member_id: text("member_id", { placeholder: "CM00000000" }),
    born: text("born", { placeholder: "MM/DD/YYYY", inputmode: "numeric", maxlength: 10 }),
    first: text("first"),
    last: text("last"),
    on: dateField(t("on"), { value: choices.today, first: choices.first, last: choices.last, name: "on" }),
    codes: codeField(t("codes"), t("add_code"), "codes"),
  };
  masked(parts.born.control);
  const button = h("button", { type: "submit", class: "button" }, t("check"));
  const body = () => ({ ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.value])), born: isoDate(parts.born.value) });
  const submit = async (event) => {
    event.preventDefault();
    for (const part of Object.values(parts)) part.complain("");
    button.disabled = true;
    button.replaceChildren(h("span", { class: "spinner small" }), "Checking");
    try {
      const asked = [post("/api/eligibility/inquiries", body())];
      if (choices.twice) asked.push(post("/api/eligibility/inquiries", body()));
      const keys = await Promise.all(asked);
      go(`/eligibility/answers/${keys[keys.length - 1].key}`);
    } catch (error) {
      button.disabled = false;
      button.textContent = t("check");
      if (error.code === "form") {
        Object.entries(error.fields).forEach(([name, complaint]) => parts[name].complain(complaint));
        toast("Please check the marked fields", "bad");
      } else if (error.status >= 500 || error.status === 0) throw error;
    }
  };
  const who = [parts.member_id, parts.born, parts.first, parts.last];
  const what = [parts.provider, parts.service_type, parts.on, parts.codes];
  const group = (title, list) => h("fieldset", { class: "card" }, h("legend", {}, title), h("div", { class: "form-grid" }, list.map((part) => part.element)));
  const groups = [group("Member", who), group("Service", what)];
  if (layout === 2) groups.reverse();
  show(main,
    h("div", { class: "page-head" }, h("div", {}, h("h1", {}, layout === 2 ? "Coverage check" : "Check eligibility"),
      h("p", { class: "muted", id: "window" }, "Service dates from ", h("time", { id: "first-day" }, us(choices.first)), " to ", h("time", { id: "last-day" }, us(choices.last)), " can be checked."))),
    h("form", { id: "inquiry", novalidate: true, onsubmit: (event) => submit(event).catch(() => go("/trouble", { replace: true })) }, groups,
      h("div", { class: "actions" }, button)));
}

const us = (iso) => `${iso.slice(5, 7)}/${iso.slice(8)}/${iso.slice(0, 4)}`;

// Slashes come by themselves as digits are typed.
function masked(input) {
  input.addEventListener("input", () => {
    const digits = input.value.replace(/\D/g, "").slice(0, 8);
    input.value = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].filter(Boolean).join("/");
  });
}
