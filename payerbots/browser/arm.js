// Arms a document: from `deadline` on (milliseconds of this document's performance.now()) it takes no click,
// submit or key. Called again it takes the new deadline; with null it takes everything again.
(deadline) => {
  const name = "__armed";
  const before = window[name];
  if (before) { for (const kind of before.kinds) window.removeEventListener(kind, before.swallow, true); }
  delete window[name];
  if (deadline === null) return before ? before.swallowed : 0;
  const kinds = ["click", "dblclick", "auxclick", "contextmenu", "mousedown", "mouseup", "pointerdown", "pointerup",
    "touchstart", "touchend", "keydown", "keypress", "keyup", "beforeinput", "input", "change", "submit"];
  const armed = { kinds, swallowed: 0 };
  armed.swallow = (event) => {
    if (performance.now() < deadline) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    armed.swallowed += 1;
  };
  for (const kind of kinds) window.addEventListener(kind, armed.swallow, { capture: true, passive: false });
  Object.defineProperty(window, name, { value: armed, configurable: true, enumerable: false });
  return 0;
}
