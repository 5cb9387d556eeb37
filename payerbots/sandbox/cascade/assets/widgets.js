// Fields of our own make: drop-downs, dates, codes; toasts and dialogs.
import { h, icon, show, usDate } from "./dom.js";

let serial = 0;
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];
const layers = () => document.getElementById("layers") || document.body.appendChild(h("div", { id: "layers" }));

function closeOnOutside(box, owner, close) {
  const away = (event) => {
    if (box.contains(event.target) || owner.contains(event.target) || event.target.closest(".shade")) return;
    stop();
  };
  const key = (event) => event.key === "Escape" && stop();
  const stop = () => {
    document.removeEventListener("pointerdown", away, true);
    document.removeEventListener("keydown", key, true);
    box.remove();
    close();
  };
  document.addEventListener("pointerdown", away, true);
  document.addEventListener("keydown", key, true);
  return stop;
}

function placeUnder(box, owner) {
  const at = owner.getBoundingClientRect();
  const below = window.innerHeight - at.bottom > 260 || at.top < 260;
  box.style.left = `${at.left + window.scrollX}px`;
  box.style.minWidth = `${at.width}px`;
  if (below) box.style.top = `${at.bottom + window.scrollY + 6}px`;
  else box.style.bottom = `${document.documentElement.clientHeight - at.top - window.scrollY + 6}px`;
}

export function field(label, control, { hint = "", name = "" } = {}) {
  const id = `f${(serial += 1)}`;
  control.id = id;
  const error = h("p", { class: "field-error", role: "alert", hidden: true });
  const element = h(
    "div",
    { class: "field", "data-field": name },
    h("label", { for: id }, label),
    control,
    hint && h("p", { class: "hint" }, hint),
    error
  );
  return { element, control, complain: complainer(element, error), get value() { return control.value.trim(); } };
}

function complainer(element, error) {
  return (text) => {
    error.hidden = !text;
    error.textContent = text || "";
    element.classList.toggle("wrong", Boolean(text));
  };
}

export function dropDown(label, options, { value = "", placeholder = "Choose", name = "", change = () => {} } = {}) {
  const id = `d${(serial += 1)}`;
  let current = value;
  let stop = null;
  const text = h("span", { class: "drop-text" });
  const button = h(
    "button",
    { type: "button", class: "drop", role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false",
      "aria-labelledby": `${id}-label`, id, onclick: () => (stop ? stop() : open()) },
    text,
    icon("chevron", 16)
  );
  const error = h("p", { class: "field-error", role: "alert", hidden: true });
  const element = h(
    "div",
    { class: "field", "data-field": name },
    h("span", { class: "label", id: `${id}-label` }, label),
    button,
    error
  );
  const paint = () => {
    const chosen = options.find((option) => option.value === current);
    text.textContent = chosen ? chosen.label : placeholder;
    text.classList.toggle("placeholder", !chosen);
  };
  const choose = (option) => {
    current = option.value;
    paint();
    stop();
    change(current);
  };
  const open = () => {
    const list = h(
      "ul",
      { class: "drop-list", role: "listbox", "aria-label": label },
      options.map((option) =>
        h("li", { role: "option", tabindex: "-1", "aria-selected": String(option.value === current),
          onclick: () => choose(option) }, option.label, option.value === current && icon("check", 16))
      )
    );
    layers().append(list);
    placeUnder(list, button);
    button.setAttribute("aria-expanded", "true");
    stop = closeOnOutside(list, button, () => {
      stop = null;
      button.setAttribute("aria-expanded", "false");
    });
    list.addEventListener("keydown", (event) => moveInList(event, list));
    (list.querySelector("[aria-selected=true]") || list.firstElementChild).focus({ preventScroll: true });
  };
  paint();
  return { element, complain: complainer(element, error), get value() { return current; } };
}

function moveInList(event, list) {
  const items = [...list.children];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Enter" && at >= 0) items[at].click();
  if (next === undefined) return;
  event.preventDefault();
  items[Math.min(items.length - 1, Math.max(0, next))].focus();
}

export function dateField(label, { value = "", first = "", last = "", name = "", change = () => {} } = {}) {
  let current = value;
  let stop = null;
  const input = h("input", { type: "text", readonly: true, class: "date-input", "aria-haspopup": "dialog",
    placeholder: "MM/DD/YYYY", autocomplete: "off", onclick: () => (stop ? stop() : open()) });
  const made = field(label, input, { name });
  const holder = h("div", { class: "date-box" });
  input.replaceWith(holder);
  holder.append(input, icon("calendar", 16));
  const paint = () => (input.value = usDate(current));
  const open = () => {
    const box = h("div", { class: "calendar", role: "dialog", "aria-label": "Choose a date" });
    const begin = current || last || document.documentElement.dataset.today;
    let [year, month] = begin.split("-").map(Number);
    const turn = (by) => {
      month += by;
      if (month < 1) [year, month] = [year - 1, 12];
      if (month > 12) [year, month] = [year + 1, 1];
      draw();
    };
    const pick = (iso) => {
      current = iso;
      paint();
      stop();
      change(current);
    };
    const draw = () => show(box, calendarHead(year, month, turn, first, last), calendarDays(year, month, { current, first, last, pick }));
    draw();
    layers().append(box);
    placeUnder(box, input);
    stop = closeOnOutside(box, input, () => (stop = null));
  };
  paint();
  return { element: made.element, complain: made.complain, get value() { return current; } };
}

const two = (number) => String(number).padStart(2, "0");

function calendarHead(year, month, turn, first, last) {
  const shown = `${year}-${two(month)}`;
  return h(
    "div",
    { class: "calendar-head" },
    h("button", { type: "button", class: "icon-button", "aria-label": "Previous month",
      disabled: Boolean(first) && shown <= first.slice(0, 7), onclick: () => turn(-1) }, icon("left")),
    h("strong", { class: "calendar-title", "aria-live": "polite" }, `${MONTHS[month - 1]} ${year}`),
    h("button", { type: "button", class: "icon-button", "aria-label": "Next month",
      disabled: Boolean(last) && shown >= last.slice(0, 7), onclick: () => turn(1) }, icon("right"))
  );
}

function calendarDays(year, month, { current, first, last, pick }) {
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lead = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const cells = ["S", "M", "T", "W", "T", "F", "S"].map((name) => h("span", { class: "weekday" }, name));
  for (let blank = 0; blank < lead; blank += 1) cells.push(h("span"));
  for (let day = 1; day <= count; day += 1) {
    const iso = `${year}-${two(month)}-${two(day)}`;
    const outside = (first && iso < first) || (last && iso > last);
    cells.push(
      h("button", { type: "button", class: iso === current ? "day chosen" : "day", "data-day": iso,
        "aria-label": `${MONTHS[month - 1]} ${day}, ${year}`, disabled: Boolean(outside), onclick: () => pick(iso) }, String(day))
    );
  }
  return h("div", { class: "calendar-days" }, cells);
}

export function codeField(label, addLabel, name) {
  const codes = [];
  const chips = h("div", { class: "chips", "aria-label": "Codes added" });
  const input = h("input", { type: "text", maxlength: 5, autocomplete: "off", placeholder: "E0601" });
  const made = field(label, input, { name, hint: "Add each HCPCS code you plan to bill." });
  const paint = () =>
    show(chips, codes.map((code) =>
      h("span", { class: "chip" }, code,
        h("button", { type: "button", "aria-label": `Remove ${code}`, onclick: () => { codes.splice(codes.indexOf(code), 1); paint(); } }, icon("close", 12)))
    ));
  const add = () => {
    const code = input.value.trim().toUpperCase();
    if (code && !codes.includes(code)) codes.push(code);
    input.value = "";
    paint();
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  });
  const row = h("div", { class: "with-button" });
  input.replaceWith(row);
  row.append(input, h("button", { type: "button", class: "button quiet", onclick: add }, addLabel));
  made.element.append(chips);
  return { element: made.element, complain: made.complain, get value() { return [...codes]; } };
}

export function toast(text, kind = "info") {
  const stack = document.querySelector(".toasts") || layers().appendChild(h("div", { class: "toasts", role: "status" }));
  const one = h("div", { class: `toast ${kind}` }, text);
  stack.append(one);
  setTimeout(() => one.classList.add("leaving"), 3600);
  setTimeout(() => one.remove(), 4000);
}

export function dialog({ title, body, action, name, done = () => {} }) {
  const close = () => {
    shade.remove();
    done();
  };
  const shade = h(
    "div",
    { class: "shade", "data-dialog": name },
    h(
      "div",
      { class: "modal", role: "dialog", "aria-modal": "true", "aria-label": title },
      h("h2", {}, title),
      body.map((text) => h("p", {}, text)),
      h("div", { class: "actions" }, h("button", { type: "button", class: "button", onclick: close }, action))
    )
  );
  layers().append(shade);
  shade.querySelector("button").focus();
  return close;
}
