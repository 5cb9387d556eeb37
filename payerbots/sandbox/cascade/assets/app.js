// Boots the page: who is signed in, which address, what stands in the way.
import { answerPage } from "./answer.js";
import { forget, on, open, renew } from "./api.js";
import { h, icon, layout, show } from "./dom.js";
import { eligibilityPage } from "./eligibility.js";
import { homePage } from "./home.js";
import { t } from "./labels.js";
import { remittancesPage } from "./remittances.js";
import { signInPage } from "./sign-in.js";
import { dialog } from "./widgets.js";

const root = document.getElementById("app");
const ENDED = "Your session has ended. Sign in to continue.";
const WARN_SECONDS = 60;
let session = null;
let turn = 0;
let idle = [];

const ROUTES = [
  [/^\/(?:home)?$/, homePage],
  [/^\/eligibility$/, eligibilityPage],
  [/^\/eligibility\/answers\/(?<key>[\w-]+)$/, answerPage],
  [/^\/remittances$/, remittancesPage],
  [/^\/trouble$/, trouble],
];

function go(where, { replace = false } = {}) {
  if (replace) history.replaceState({}, "", where);
  else history.pushState({}, "", where);
  route();
}

function clear() {
  document.getElementById("layers")?.replaceChildren();
  idle.forEach(clearTimeout);
}

function toSignIn(note = "") {
  session = null;
  turn += 1;
  clear();
  history.replaceState({}, "", "/sign-in");
  signInPage(root, { note, done: enter, blocked });
}

function enter(found) {
  session = found;
  go("/home", { replace: true });
}

function blocked(code) {
  turn += 1;
  clear();
  const texts = {
    maintenance: ["We'll be right back", "Provider Connect is down for planned maintenance."],
    throttled: ["Slow down a little", "We noticed an unusual number of inquiries from your account. Wait a minute, then try again."],
  };
  const [title, text] = texts[code];
  show(root, h("main", { class: "full-note", id: code }, h("img", { src: "/assets/mark.svg", alt: "", width: 56, height: 56 }), h("h1", {}, title), h("p", {}, text),
    h("a", { class: "button", href: "/home" }, "Try again")));
}

async function trouble(main) {
  show(main, h("div", { class: "full-note", id: "trouble" }, h("h1", {}, "That didn't work"), h("p", {}, "Something went wrong on our side. Please try again in a moment."),
    h("button", { type: "button", class: "button", onclick: () => go("/home") }, "Back to start")));
}

async function route() {
  const mine = (turn += 1);
  const alive = () => mine === turn;
  const found = ROUTES.map(([pattern, page]) => [pattern.exec(location.pathname), page]).find(([match]) => match);
  const main = frame();
  show(main, h("div", { class: "working", role: "status" }, h("span", { class: "spinner" }), "Loading"));
  if (!found) return show(main, h("div", { class: "full-note" }, h("h1", {}, "Page not found")));
  try {
    await found[1](main, { go, session, alive, params: found[0].groups || {} });
    if (alive()) announce(alive);
  } catch (error) {
    if (alive() && !["signed_out", "token", "maintenance", "throttled"].includes(error.code)) await trouble(main);
  }
  return undefined;
}

function announce(alive) {
  if (!session || !session.popup) return;
  setTimeout(() => alive() && dialog({
    name: "announcement",
    title: "New in Provider Connect",
    body: ["Explanations of benefits now open beside the list. Take a one-minute tour at any time from the help menu.", "Phone support closes at 3 p.m. on Friday."],
    action: layout === 2 ? "Close" : "Got it",
  }), 250);
}

function frame() {
  const link = (name, where, key) =>
    h("a", { href: where, class: location.pathname.startsWith(where) || (where === "/home" && location.pathname === "/") ? "here" : "",
      onclick: (event) => { event.preventDefault(); go(where); } }, icon(name), t(key));
  const links = [link("home", "/home", "nav_home"), link("shield", "/eligibility", "nav_eligibility"), link("wallet", "/remittances", "nav_remittances")];
  if (layout === 2) links.reverse();
  const main = h("main", { id: "main" });
  clear();
  watchIdle();
  show(root, h("div", { class: layout === 2 ? "frame across" : "frame" },
    h("nav", { class: "side", "aria-label": "Main" },
      h("div", { class: "brand" }, h("img", { src: "/assets/mark.svg", alt: "", width: 32, height: 32 }), h("span", {}, "Cascade Mutual")),
      links,
      h("div", { class: "who" }, h("span", { class: "initials" }, session.name.split(" ").map((part) => part[0]).join("")),
        h("span", { id: "who" }, session.name), h("button", { type: "button", class: "link", onclick: leave }, "Sign out"))),
    main));
  return main;
}

function watchIdle() {
  idle.forEach(clearTimeout);
  if (!session) return;
  const life = session.idle_seconds * 1000;
  idle = [setTimeout(warn, life - WARN_SECONDS * 1000), setTimeout(() => { forget(); toSignIn(ENDED); }, life)];
}

function warn() {
  dialog({
    name: "idle",
    title: "Are you still there?",
    body: ["You will be signed out in one minute."],
    action: "Stay signed in",
    done: () => {
      idle.forEach(clearTimeout);
      open("POST", "/api/session/touch").then(watchIdle, () => toSignIn(ENDED));
    },
  });
}

async function leave() {
  await open("POST", "/api/session/end").catch(() => {});
  forget();
  toSignIn("You have signed out.");
}

on("signedOut", () => toSignIn(ENDED));
on("blocked", blocked);
on("active", watchIdle);
window.addEventListener("popstate", () => (session ? route() : toSignIn()));

async function boot() {
  const asked = new URLSearchParams(location.search);
  if (location.pathname === "/sign-in") return toSignIn(asked.has("ended") ? ENDED : "");
  try {
    session = await renew();
  } catch (error) {
    if (error.code === "maintenance") return blocked(error.code);
    return toSignIn(location.pathname === "/" ? "" : ENDED);
  }
  return route();
}

boot();
