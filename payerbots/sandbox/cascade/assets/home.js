// The first page after signing in.
import { get } from "./api.js";
import { h, icon, show, usDate } from "./dom.js";
import { t } from "./labels.js";

export async function homePage(main, { go, session }) {
  const found = await get("/api/home");
  const tile = (name, where, value, text) =>
    h("button", { type: "button", class: "tile", onclick: () => go(where) },
      h("span", { class: "tile-icon" }, icon(name, 22)), h("strong", {}, value), h("span", { class: "muted" }, text));
  show(main,
    h("section", { id: "welcome" },
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, `Hello, ${session.name.split(" ")[0]}`), h("p", { class: "muted" }, "Here is what is new for Lakeside."))),
      h("div", { class: "tiles" },
        tile("shield", "/eligibility", t("nav_eligibility"), `Answers for ${found.providers} locations`),
        tile("wallet", "/remittances", `${found.remittances} explanations`, found.latest ? `Latest posted ${usDate(found.latest)}` : "None posted yet")),
      h("div", { class: "card" }, h("h2", {}, "Notices"),
        h("ul", { class: "notices" }, found.notices.map((notice) => h("li", {}, h("strong", {}, notice.title), h("span", {}, notice.text)))))));
}
