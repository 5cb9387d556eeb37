/* Summit Health Plan provider portal, release 9.4.2 */
(function () {
  "use strict";

  function closeOf(button) {
    var dialog = button.closest("dialog");
    if (dialog) { dialog.close(); return; }
    var overlay = button.closest(".overlay");
    if (overlay) { overlay.remove(); }
  }

  function openDialogs() {
    document.querySelectorAll("dialog[data-modal]").forEach(function (dialog) { dialog.showModal(); });
    document.querySelectorAll("[data-close]").forEach(function (button) {
      button.addEventListener("click", function () { closeOf(button); });
    });
  }

  function organizationSwitch() {
    var form = document.querySelector(".org-form");
    if (!form) { return; }
    form.querySelector("select").addEventListener("change", function () { form.requestSubmit(); });
  }

  function load(panel, address) {
    panel.setAttribute("aria-busy", "true");
    panel.innerHTML = '<p class="loading" role="status"><span class="spinner" aria-hidden="true"></span> Loading…</p>';
    fetch(address, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" })
      .then(function (response) {
        if (response.status === 401) {
          return response.text().then(function (why) { window.location.assign("/sign-in?m=" + encodeURIComponent(why)); throw new Error("signed out"); });
        }
        if (!response.ok) { throw new Error("status " + response.status); }
        return response.text();
      })
      .then(function (html) { panel.innerHTML = html; panel.dataset.loaded = "yes"; })
      .catch(function () {
        panel.innerHTML = '<div class="notice notice-error" role="alert" data-testid="section-error"><p>We could not load this section. Select the tab again to retry.</p></div>';
      })
      .finally(function () { panel.setAttribute("aria-busy", "false"); });
  }

  function tabs() {
    var list = document.querySelector("[role=tablist]");
    if (!list) { return; }
    var buttons = Array.prototype.slice.call(list.querySelectorAll("[role=tab]"));
    document.querySelector("[role=tabpanel]:not([hidden])").dataset.loaded = "yes";
    function select(button) {
      buttons.forEach(function (other) {
        var chosen = other === button;
        other.setAttribute("aria-selected", String(chosen));
        other.tabIndex = chosen ? 0 : -1;
        document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
      });
      var panel = document.getElementById(button.getAttribute("aria-controls"));
      if (!panel.dataset.loaded && panel.getAttribute("aria-busy") !== "true") {
        load(panel, list.dataset.tabs + button.dataset.tab);
      }
    }
    buttons.forEach(function (button, place) {
      button.addEventListener("click", function () { select(button); });
      button.addEventListener("keydown", function (event) {
        var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) { return; }
        var next = buttons[(place + step + buttons.length) % buttons.length];
        next.focus();
        select(next);
      });
    });
  }

  function busyForms() {
    document.querySelectorAll("form.inquiry").forEach(function (form) {
      form.addEventListener("submit", function () {
        var button = form.querySelector("button[type=submit]");
        button.setAttribute("aria-busy", "true");
        window.setTimeout(function () { button.disabled = true; }, 0);
      });
    });
  }

  function tour() {
    if (document.body.classList.contains("tour")) {
      window.setTimeout(function () { window.confirm("New features are available. Would you like to take a tour?"); }, 0);
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    openDialogs(); organizationSwitch(); tabs(); busyForms(); tour();
  });
}());
