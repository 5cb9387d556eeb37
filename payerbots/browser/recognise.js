// Says which of the named proofs a person sees now: the first of `wanted` that one of its candidates
// proves, as {name, used}; null for none. One evaluation, however many pages might come. A proof is looked for
// in its frame, which is reached from the top by names and has the portal's own origin.
(wanted) => {
  let document = window.document;
  const documentOf = (frame) => {
    let inner = window;
    for (const name of frame) inner = inner && inner.frames[name];
    try {
      return inner && inner.document && inner.document.body ? inner.document : null;
    } catch {
      return null;
    }
  };
  const tidy = (text) => (text || "").replace(/\s+/g, " ").trim();
  const seen = (element) =>
    element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
  const roles = {
    heading: "h1, h2, h3, h4, h5, h6",
    button: "button, input[type=submit], input[type=button]",
    link: "a[href]",
    tab: "[role=tab]",
    dialog: "dialog[open]",
    textbox: "input:not([type]), input[type=text], textarea",
  };
  const nameOf = (element) =>
    tidy(element.getAttribute("aria-label") || element.innerText || element.value);

  const byRole = (role, name) => {
    const own = roles[role] ? roles[role] + ", " : "";
    const all = [...document.querySelectorAll(own + `[role="${role}"]`)];
    return all.some((element) => seen(element) && (!name || nameOf(element) === name));
  };

  const byText = (text) => {
    const part = tidy(text).toLowerCase();
    const holds = (element) => tidy(element.textContent).toLowerCase().includes(part);
    let element = document.body;
    if (!element || !holds(element)) return false;
    for (let inner = element; inner; ) {
      element = inner;
      const inside = [...element.children].filter(holds);
      inner = inside.find(seen);
      if (inside.length && !inner) return false;
    }
    return seen(element);
  };

  const byLabel = (text) =>
    [...document.querySelectorAll("label")].some((label) => tidy(label.innerText) === text && seen(label));

  const shown = (candidate) => {
    if (candidate.css) return [...document.querySelectorAll(candidate.css)].some(seen);
    if (candidate.test_id) {
      return [...document.querySelectorAll(`[data-testid="${candidate.test_id}"]`)].some(seen);
    }
    if (candidate.role) return byRole(candidate.role, candidate.name);
    if (candidate.label) return byLabel(candidate.label);
    return byText(candidate.text);
  };

  for (const [name, frame, candidates] of wanted) {
    document = documentOf(frame);
    if (!document) continue;
    const used = candidates.findIndex(shown);
    if (used >= 0) return { name, used };
  }
  return null;
}
