// Signing in, one card a step.
import { forget, keep, open } from "./api.js";
import { h, show } from "./dom.js";
import { t } from "./labels.js";
import { field } from "./widgets.js";

const TEXTS = {
  refused: "Email or password is incorrect.",
  locked: "This account is locked. Call Provider Connect support at 1-800-555-0142.",
  code: "That code is not valid. Check the time on your device and try again.",
  letters: "The letters do not match.",
  current_password: "Your current password is incorrect.",
  weak_password: "Use at least 12 characters, and not your current password.",
  signed_out: "Your sign-in took too long. Please start again.",
  network: "We cannot reach Provider Connect. Check your connection.",
};

export function signInPage(root, { note = "", done, blocked }) {
  const card = h("div", { class: "sign-card" });
  show(
    root,
    h("div", { class: "sign-page" },
      h("section", { class: "sign-side" },
        h("div", { class: "brand light" }, h("img", { src: "/assets/mark.svg", alt: "", width: 40, height: 40 }), h("span", {}, "Cascade Mutual")),
        h("h2", {}, "Provider Connect"),
        h("p", {}, "Coverage, authorizations and payments for the people you serve."),
        h("ul", {}, h("li", {}, "Answers in seconds"), h("li", {}, "Explanations of benefits as soon as they post"), h("li", {}, "One place for all your locations"))),
      h("section", { class: "sign-main" }, card, h("p", { class: "muted small" }, "For authorized users of Cascade Mutual providers only. Activity is recorded.")))
  );
  const steps = { challenge: () => challenge(move), "new-password": () => newPassword(move), code: () => code(move), "sign-in": () => password(move, "Your password was changed. Sign in with the new one.") };
  async function move(path, body, again) {
    show(card, h("div", { class: "working", role: "status" }, h("span", { class: "spinner" }), "One moment"));
    try {
      const found = await open("POST", path, body);
      if (found.next === "in") {
        keep(found);
        done(found);
      } else show(card, steps[found.next]());
    } catch (error) {
      if (error.code === "maintenance") return blocked(error.code);
      show(card, error.code === "signed_out" ? password(move, "", TEXTS.signed_out) : again(TEXTS[error.code] || "Something went wrong. Please try again."));
    }
    return undefined;
  }
  forget();
  show(card, password(move, note));
}

function form(title, text, parts, submit, label, { name, error }) {
  return h(
    "form",
    { id: name, novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(); } },
    h("h1", {}, title),
    text && h("p", { class: "muted" }, text),
    error && h("p", { class: "banner bad", role: "alert", "data-error": name }, error),
    parts,
    h("button", { type: "submit", class: "button wide" }, label)
  );
}

function password(move, note = "", error = "", given = "") {
  const email = field(t("email"), h("input", { type: "email", name: "email", autocomplete: "username", value: given }), { name: "email" });
  const secret = field(t("password"), h("input", { type: "password", name: "password", autocomplete: "current-password" }), { name: "password" });
  const submit = () => {
    const typed = email.value;
    move("/api/sign-in", { email: typed, password: secret.control.value }, (text) => password(move, "", text, typed));
  };
  return h("div", {},
    note && h("p", { class: "banner", id: "sign-note" }, note),
    form("Sign in", "Use your Provider Connect account.", [email.element, secret.element], submit, t("sign_in"), { name: "sign-in", error }),
    h("p", { class: "small center" }, h("a", { href: "#", onclick: (event) => event.preventDefault() }, "Forgot your password?")));
}

function code(move, error = "") {
  const input = field(t("code"), h("input", { type: "text", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 7 }), { name: "code" });
  const submit = () => move("/api/sign-in/code", { code: input.value }, (text) => code(move, text));
  return form("Two-step verification", "Open your authenticator app and enter the code for Cascade Mutual.", [input.element], submit, t("verify"), { name: "two-step", error });
}

function challenge(move, error = "") {
  const input = field("Letters in the picture", h("input", { type: "text", autocomplete: "off" }), { name: "letters" });
  const picture = h("img", { class: "letters", src: `/api/sign-in/picture?${Date.now()}`, alt: "Letters to type", width: 230, height: 72 });
  const submit = () => move("/api/sign-in/challenge", { letters: input.value }, (text) => challenge(move, text));
  return form("Confirm that you are a person", "Type the letters that you see.", [picture, input.element], submit, "Continue", { name: "human-check", error });
}

function newPassword(move, error = "") {
  const current = field("Current password", h("input", { type: "password", autocomplete: "current-password" }), {});
  const fresh = field("New password", h("input", { type: "password", autocomplete: "new-password" }), { hint: "At least 12 characters." });
  const submit = () => move("/api/sign-in/new-password", { current: current.control.value, fresh: fresh.control.value }, (text) => newPassword(move, text));
  return form("Your password has expired", "Choose a new one to continue.", [current.element, fresh.element], submit, "Save password", { name: "password-expired", error });
}
