// Arms a document: when its time is over, it takes no click, submit or key. The order of the latest arming
// (`serial`) counts. `deadline` is in this document's own performance.now(), and holds for the very document
// that `origin` names; any other goes by `end` (milliseconds since 1970) and has no longer than `left` from now.
({ serial, origin, deadline, end, left }) => {
  const name = Symbol.for("armed");
  const before = window[name];
  if (before && before.serial > serial) return;
  if (before) before.disarm();

  const asked = origin === performance.timeOrigin;
  const until = asked ? deadline : Math.min(end - performance.timeOrigin, performance.now() + left);
  const kinds = [
    "click", "dblclick", "auxclick", "contextmenu", "mousedown", "mouseup", "pointerdown", "pointerup",
    "touchstart", "touchend", "keydown", "keypress", "keyup", "beforeinput", "input", "change", "drop", "submit",
  ];
  const armed = { serial, swallowed: 0 };

  const swallow = (event) => {
    if (performance.now() < until) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    armed.swallowed += 1;
  };
  const listen = () => {
    for (const kind of kinds) window.addEventListener(kind, swallow, { capture: true, passive: false });
  };
  // document.open() takes all handlers off the window, and replaces what the document holds.
  const opened = new MutationObserver(listen);

  armed.disarm = () => {
    opened.disconnect();
    for (const kind of kinds) window.removeEventListener(kind, swallow, true);
    delete window[name];
  };
  listen();
  opened.observe(document, { childList: true });
  Object.defineProperty(window, name, { value: armed, configurable: true });
}
