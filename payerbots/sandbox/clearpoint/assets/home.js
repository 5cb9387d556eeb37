// The first page: what waits, what is new.
import { get } from "./api.js";
import { t } from "./labels.js";
import { dollars, h, icon, show } from "./ui.js";

export async function homePage(main, { go, me }) {
  const found = await get("/api/home");
  const tile = (name, where, value, text) => h("button", { type: "button", class: "tile", onclick: () => go(where) }, h("span", { class: "tile-icon" }, icon(name, 22)), h("strong", {}, value), h("span", { class: "quiet" }, text));
  const most = Math.max(1, ...Object.values(found.kinds));
  const bar = ([label, count]) => h("div", { class: "bar-row" }, h("span", {}, label), h("span", { class: "bar" }, h("i", { style: `width:${(count / most) * 100}%` })), h("b", {}, count));
  show(main,
    h("div", { class: "head", id: "dashboard" }, h("h1", {}, `Good to see you, ${me.name.split(" ")[0]}`), h("p", { class: "quiet" }, "Lakeside Home Medical · submitter LAKESIDEHM")),
    h("div", { class: "tiles" },
      tile("list", "/rejections", `${found.open} open rejections`, `${dollars(found.dollars)} on hold`),
      tile("inbox", "/reports", `${found.new_reports} new reports`, "Not downloaded yet"),
      tile("check", "/rejections?status=all", `${found.accepted} of ${found.claims} claims`, "accepted by payers in three weeks")),
    h("div", { class: "two" },
      h("section", { class: "card" }, h("h2", {}, "Why claims come back"), Object.entries(found.kinds).map(bar)),
      h("section", { class: "card" }, h("h2", {}, "Files received"),
        h("table", { class: "plain" }, h("thead", {}, h("tr", {}, ["File", "Received", "Claims"].map((name) => h("th", { scope: "col" }, name)))),
          h("tbody", {}, found.files.map((file) => h("tr", {}, h("td", {}, file.name), h("td", {}, file.sent_at.slice(0, 10)), h("td", { class: "num" }, file.claims))))))),
    h("section", { class: "card" }, h("h2", {}, "Notices"), h("ul", { class: "notices" }, found.notices.map((notice) => h("li", {}, h("strong", {}, notice.title), h("span", {}, notice.text))))),
    h("p", { class: "quiet small" }, `${t("nav_reports")} are kept for 90 days.`));
}
