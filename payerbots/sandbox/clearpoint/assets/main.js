// Boots the page: who is signed in, which address, what stands in the way.
import { HANDLED, me as whoAmI, on, open } from "./api.js";
import { claimPage } from "./claim.js";
import { homePage } from "./home.js";
import { layout, t } from "./labels.js";
import { rejectionsPage } from "./rejections.js";
import { reportsPage } from "./reports.js";
import { signIn } from "./signin.js";
import { clearOverlays, dialog, h, icon, loading, show } from "./ui.js";

const root = document.getElementById("root");
const NOTES = {
  signed_out: "Your session has ended. Please sign in again.",
  token: "Your session has ended. Please sign in again.",
  elsewhere: "Your session has ended because your user ID signed in on another device.",
  left: "You have signed out.",
};
const ROUTES = [
  [/^\/(?:dashboard)?$/, homePage],
  [/^\/reports$/, reportsPage],
  [/^\/rejections$/, rejectionsPage],
  [/^\/claims\/(?<control>[\w-]+)$/, claimPage],
];
let me = null;
let turn = 0;
const guard = { dirty: () => false, leave: () => {} };

function go(where) {
  const away = () => {
    guard.leave();
    history.pushState({}, "", where);
    route();
  };
  if (!guard.dirty()) return away();
  return dialog({ name: "unsaved", title: "You have unsaved changes", body: h("p", {}, "If you leave now, they are lost."), actions: [{ label: "Leave without saving", act: away }, { label: "Stay", kind: "primary" }] });
}

function toSignIn(why = "") {
  me = null;
  turn += 1;
  guard.dirty = () => false;
  guard.leave = () => {};
  clearOverlays();
  history.replaceState({}, "", "/sign-in");
  signIn(root, { note: NOTES[why] || "", done: enter, blocked });
}

async function enter() {
  try {
    me = await whoAmI();
  } catch (error) {
    return error.code === "maintenance" ? blocked(error.code) : toSignIn("signed_out");
  }
  history.replaceState({}, "", "/dashboard");
  return route();
}

function blocked(code) {
  turn += 1;
  guard.dirty = () => false;
  clearOverlays();
  const texts = {
    maintenance: ["Scheduled maintenance", "ClearPoint is being updated and will be back shortly. Claims that you submitted are safe."],
    throttled: ["Too many requests", "We noticed unusual activity from your account. Wait a minute, then try again."],
  };
  const [title, text] = texts[code];
  show(root, h("main", { class: "full", id: code }, h("img", { src: "/assets/mark.svg", alt: "", width: 64, height: 64 }), h("h1", {}, title), h("p", {}, text), h("a", { class: "btn primary", href: "/dashboard" }, "Try again")));
}

function trouble(main, code) {
  const missing = code === "no_claim";
  show(main, h("div", { class: "full", id: missing ? "noClaim" : "trouble" }, h("h1", {}, missing ? "There is no claim with this number" : "Something went wrong"), h("p", {}, missing ? "Check the claim number. Claims are kept for 18 months." : "We could not load this page. Please try again in a moment."),
    h("button", { type: "button", class: "btn primary", onclick: () => go("/dashboard") }, "Back to start")));
}

function frame() {
  const link = (name, where, key) => h("a", { href: where, class: location.pathname.startsWith(where) || (where === "/dashboard" && location.pathname === "/") ? "here" : "", onclick: (event) => { event.preventDefault(); go(where); } }, icon(name), t(key));
  const links = [link("home", "/dashboard", "nav_home"), link("inbox", "/reports", "nav_reports"), link("list", "/rejections", "nav_rejections")];
  if (layout === 2) links.reverse();
  const find = h("input", { type: "search", name: "find", placeholder: t("find"), "aria-label": t("find") });
  const main = h("main", { id: "main" });
  clearOverlays();
  show(root, h("div", { class: layout === 2 ? "app across" : "app" },
    h("header", { class: "top" },
      h("div", { class: "brand" }, h("img", { src: "/assets/mark.svg", alt: "", width: 30, height: 30 }), h("span", {}, "ClearPoint")),
      h("nav", { "aria-label": "Main" }, links),
      h("form", { class: "find", role: "search", onsubmit: (event) => { event.preventDefault(); if (find.value.trim()) go(`/claims/${encodeURIComponent(find.value.trim().toUpperCase())}`); } }, icon("search", 16), find, h("button", { type: "submit", class: "btn small", id: "findGo" }, "Go")),
      h("div", { class: "who" }, h("span", { class: "initials" }, me.name.split(" ").map((part) => part[0]).join("")), h("span", { id: "who" }, me.name), h("button", { type: "button", class: "link", onclick: leave }, "Sign out"))),
    main));
  return main;
}

async function route() {
  const mine = (turn += 1);
  const alive = () => mine === turn;
  guard.dirty = () => false;
  guard.leave = () => {};
  const [match, page] = ROUTES.map(([pattern, one]) => [pattern.exec(location.pathname), one]).find(([found]) => found) || [];
  const main = frame();
  show(main, loading());
  if (!page) return trouble(main);
  try {
    await page(main, { go, me, alive, guard, params: match.groups || {} });
    if (alive()) announce(alive);
  } catch (error) {
    if (alive() && !HANDLED.includes(error.code)) trouble(main, error.code);
  }
  return undefined;
}

function announce(alive) {
  if (!me || !me.popup) return;
  me.popup = false;
  setTimeout(() => alive() && dialog({ name: "announcement", title: "New: claim attachments", body: h("div", {}, h("p", {}, "You can now send unsolicited attachments with your claims. See the guide in the help center."), h("p", {}, "Support closes early on the day before a holiday.")), actions: [{ label: layout === 2 ? "Dismiss" : "Got it", kind: "primary" }] }), 200);
}

async function leave() {
  await open("POST", "/api/auth/sign-out").catch(() => {});
  toSignIn("left");
}

on("signedOut", toSignIn);
on("blocked", blocked);
window.addEventListener("popstate", () => (me ? route() : toSignIn()));
window.addEventListener("beforeunload", (event) => { if (guard.dirty()) event.preventDefault(); });

async function boot() {
  if (location.pathname === "/sign-in") return toSignIn();
  try {
    me = await whoAmI();
  } catch (error) {
    if (error.code === "maintenance") return blocked(error.code);
    return toSignIn(location.pathname === "/" ? "" : error.code);
  }
  return route();
}

boot();
