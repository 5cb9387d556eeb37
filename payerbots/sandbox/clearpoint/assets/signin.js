// Signing in: one card a step.
import { open } from "./api.js";
import { t } from "./labels.js";
import { field, h, loading, show, toast } from "./ui.js";

const TEXTS = {
  refused: "User ID or password is incorrect.",
  locked: "This account is locked. Call ClearPoint support at 1-800-555-0163.",
  code: "That code is not valid. Request a new one or try again.",
  letters: "The letters do not match.",
  current_password: "Your current password is incorrect.",
  weak_password: "Use at least 12 characters, and not your current password.",
  signed_out: "Signing in took too long. Please start again.",
  network: "We cannot reach ClearPoint. Check your connection.",
};

export function signIn(root, { note = "", done, blocked }) {
  const card = h("div", { class: "sign-card" });
  show(root, h("div", { class: "sign" },
    h("section", { class: "sign-side" },
      h("div", { class: "brand" }, h("img", { src: "/assets/mark.svg", alt: "", width: 44, height: 44 }), h("span", {}, "ClearPoint")),
      h("h2", {}, "Claims that arrive."),
      h("p", {}, "Edits before the payer sees them, answers the morning after, and one place to set things right."),
      h("dl", {}, h("div", {}, h("dt", {}, "2,900+"), h("dd", {}, "payers connected")), h("div", {}, h("dt", {}, "98.4%"), h("dd", {}, "accepted first time")))),
    h("section", { class: "sign-main" }, card, h("p", { class: "quiet small" }, "For authorized users only. Use of this system is recorded."))));
  const steps = { challenge, "new-password": newPassword, code, "in-use": inUse, "sign-in": () => password(move, "Your password was changed. Sign in with the new one.") };
  async function move(path, body, again) {
    show(card, loading("One moment"));
    try {
      const found = await open("POST", path, body);
      if (found.next === "in") return done();
      return show(card, steps[found.next](move));
    } catch (error) {
      if (error.code === "maintenance") return blocked(error.code);
      const text = TEXTS[error.code] || "Something went wrong. Please try again.";
      return show(card, error.code === "signed_out" ? password(move, "", text) : again(text));
    }
  }
  move.restart = () => show(card, password(move));
  show(card, password(move, note));
}

function form({ id, title, text, error, label }, submit, ...parts) {
  return h("form", { id, novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(); } },
    h("h1", {}, title), text && h("p", { class: "quiet" }, text),
    error && h("p", { class: "banner bad", role: "alert", "data-error": id }, error),
    parts, h("button", { type: "submit", class: "btn primary wide" }, label));
}

function password(move, note = "", error = "", given = "") {
  const user = h("input", { type: "text", name: "user", autocomplete: "username", value: given });
  const secret = h("input", { type: "password", name: "password", autocomplete: "current-password" });
  const submit = () => move("/api/auth/sign-in", { user: user.value, password: secret.value }, (text) => password(move, "", text, user.value));
  return h("div", {}, note && h("p", { class: "banner", id: "signNote" }, note),
    form({ id: "signIn", title: "Sign in to ClearPoint", error, label: t("sign_in") }, submit, field(t("user"), user), field(t("password"), secret)));
}

function code(move, error = "") {
  const input = h("input", { type: "text", name: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 7 });
  const submit = () => move("/api/auth/code", { code: input.value }, (text) => code(move, text));
  const again = () => open("POST", "/api/auth/resend").then(() => toast("We sent a new code."), () => {});
  return h("div", {},
    form({ id: "mailedCode", title: "Check your mail", text: "We sent a six-digit code to the mail address of your account.", error, label: t("verify") }, submit, field(t("code"), input)),
    h("p", { class: "small center" }, h("button", { type: "button", class: "link", onclick: again }, "Send a new code")));
}

function challenge(move, error = "") {
  const input = h("input", { type: "text", name: "letters", autocomplete: "off" });
  const picture = h("img", { class: "letters", src: `/api/auth/picture?${Date.now()}`, alt: "Letters to type", width: 240, height: 76 });
  const submit = () => move("/api/auth/challenge", { letters: input.value }, (text) => challenge(move, text));
  return form({ id: "humanCheck", title: "Are you a person?", text: "Type the letters that you see.", error, label: "Continue" }, submit, picture, field("Letters", input));
}

function newPassword(move, error = "") {
  const current = h("input", { type: "password", autocomplete: "current-password" });
  const fresh = h("input", { type: "password", autocomplete: "new-password" });
  const submit = () => move("/api/auth/new-password", { current: current.value, fresh: fresh.value }, (text) => newPassword(move, text));
  return form({ id: "passwordExpired", title: "Your password has expired", text: "Choose a new one to continue.", error, label: "Save password" }, submit,
    field("Current password", current), field("New password", fresh, { hint: "At least 12 characters." }));
}

function inUse(move) {
  return h("div", { id: "inUse" }, h("h1", {}, "You are signed in elsewhere"),
    h("p", { class: "quiet" }, "Your account has an active session on another device. If you continue here, that session ends."),
    h("button", { type: "button", class: "btn primary wide", onclick: () => move("/api/auth/take-over", {}, () => inUse(move)) }, "End the other session"),
    h("button", { type: "button", class: "btn wide", onclick: () => { open("POST", "/api/auth/sign-out").catch(() => {}); move.restart(); } }, "Cancel"));
}
