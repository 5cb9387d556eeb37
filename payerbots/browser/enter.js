// Fills in several inputs of a form in one evaluation: `wanted` holds [name, frame, candidates, text].
// Returns {name: {used, state}}: `used` is the candidate's place; `state` is "taken", "no option" for a select
// without it, or "not here" for what must be done one by one: not found once, disabled, or not taken.
(wanted) => {
  const tidy = (text) => (text || "").replace(/\s+/g, " ").trim();
  const seen = (element) =>
    element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";

  const documentOf = (frame) => frame.reduce((inner, name) => inner && inner.frames[name], window)?.document;

  const controls = (inside, candidate) => {
    const all = (css) => [...inside.querySelectorAll(css)];
    if (candidate.css) return all(candidate.css);
    if (candidate.test_id) return all(`[data-testid="${CSS.escape(candidate.test_id)}"]`);
    if (candidate.label) {
      const named = all("label").filter((label) => tidy(label.textContent) === candidate.label);
      const own = all("[aria-label]").filter((one) => tidy(one.ariaLabel) === candidate.label);
      return [...new Set([...named.map((label) => label.control), ...own])].filter(Boolean);
    }
    return [];
  };

  const tell = (element, text) => {
    element.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const choose = (select, text) => {
    const fits = [...select.options].filter((one) => one.value === text || tidy(one.text) === text);
    if (fits.length !== 1) return "no option";
    select.focus();
    select.value = fits[0].value;
    tell(select, text);
    return select.value === fits[0].value ? "taken" : "not here";
  };

  const type = (input, text) => {
    const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), "value");
    if (!own || !own.set || input.readOnly) return "not here";
    input.focus();
    own.set.call(input, text);
    tell(input, text);
    input.blur();
    return text && !input.value ? "not here" : "taken";
  };

  const enter = (element, text) => {
    if (element.disabled) return "not here";
    if (element.tagName === "SELECT") return choose(element, text);
    if (element.tagName === "INPUT" || element.tagName === "TEXTAREA") return type(element, text);
    return "not here";
  };

  const found = {};
  for (const [name, frame, candidates, text] of wanted) {
    found[name] = { used: -1, state: "not here" };
    const inside = documentOf(frame);
    for (const [used, candidate] of inside ? candidates.entries() : []) {
      const elements = controls(inside, candidate).filter(seen);
      if (elements.length !== 1) continue;
      found[name] = { used, state: enter(elements[0], text) };
      break;
    }
  }
  return found;
}
