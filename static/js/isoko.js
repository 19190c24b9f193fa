/* Small comforts. Every page works without this file. */
(function () {
  "use strict";
  var all = function (what, root) { return Array.prototype.slice.call((root || document).querySelectorAll(what)); };

  /* Countdown: <time data-deadline="epoch seconds" data-before="剩余 " data-after="">text without script</time>.
     Only the text changes, in no live region, so that nothing is read aloud every second. */
  var two = function (n) { return (n < 10 ? "0" : "") + n; };
  function count() {
    var running = false;
    all("[data-deadline]").forEach(function (el) {
      var left = Math.floor(+el.dataset.deadline - Date.now() / 1000);
      if (left < 0 || left > 345600) { return; }
      running = true;
      el.textContent = (el.dataset.before || "") + Math.floor(left / 3600) + ":" + two(Math.floor(left / 60) % 60) + ":" + two(left % 60) + (el.dataset.after || "");
    });
    return running;
  }
  if (count()) { setInterval(count, 1000); }

  /* Copy: <button data-copy="text" data-done="Copied">. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-copy]") : null;
    if (!button) { return; }
    var said = function () {
      var was = button.textContent;
      button.textContent = button.dataset.done || "✓";
      setTimeout(function () { button.textContent = was; }, 2000);
    };
    if (navigator.clipboard && navigator.clipboard.writeText) { navigator.clipboard.writeText(button.dataset.copy).then(said); return; }
    var box = document.createElement("textarea");
    box.value = button.dataset.copy; box.setAttribute("readonly", ""); document.body.appendChild(box); box.select();
    try { if (document.execCommand("copy")) { said(); } } catch (refused) { /* the text is on the page to copy by hand */ }
    box.remove();
  });

  /* Stepper: buttons beside a number field; the field alone is enough without script. */
  function limits(field) {
    all("[data-step]", field.closest("[data-stepper]")).forEach(function (button) {
      var next = +field.value + +button.dataset.step;
      button.disabled = (field.min !== "" && next < +field.min) || (field.max !== "" && next > +field.max);
    });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-step]") : null;
    if (!button) { return; }
    var field = button.closest("[data-stepper]").querySelector("input");
    field.value = Math.max(+field.min || 0, Math.min(field.max === "" ? Infinity : +field.max, (+field.value || 0) + +button.dataset.step));
    limits(field);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  all("[data-stepper] input").forEach(limits);

  /* A list that scrolls within the page shows its current place. */
  all(".over [aria-current]").forEach(function (here) { here.closest("nav").scrollTop = here.offsetTop - 80; });

  /* Print, and forms that send themselves when a choice changes (their button hides). */
  all("[data-print]").forEach(function (button) { button.hidden = false; button.addEventListener("click", function () { window.print(); }); });
  all("form[data-autosubmit]").forEach(function (form) {
    all("[data-fallback]", form).forEach(function (button) { button.hidden = true; });
    form.addEventListener("change", function () { form.requestSubmit ? form.requestSubmit() : form.submit(); });
  });

  /* A form is sent once: the second press of a button within five seconds does nothing. */
  document.addEventListener("submit", function (event) {
    var form = event.target, now = Date.now();
    if (form.dataset.sent && now - form.dataset.sent < 5000) { event.preventDefault(); return; }
    if (form.method === "post" && !form.hasAttribute("hx-post")) { form.dataset.sent = now; }
  });
  window.addEventListener("pageshow", function () { all("form[data-sent]").forEach(function (form) { delete form.dataset.sent; }); });

  /* Menus close on Escape and on a press elsewhere; the list of errors takes the focus. */
  document.addEventListener("keydown", function (event) {
    var open = document.querySelector("details.menu[open]");
    if (event.key === "Escape" && open) { open.open = false; open.querySelector("summary").focus(); }
  });
  document.addEventListener("click", function (event) {
    all("details.menu[open]").forEach(function (menu) { if (!menu.contains(event.target)) { menu.open = false; } });
  });
  var errors = document.getElementById("errors");
  if (errors) { errors.focus(); }

  /* A piece that comes after the page: <div data-fragment="address"><a href="page">..</a></div> becomes the answer.
     If that fails, the link stays. Says so on the document, for scripts that dress what has come. */
  function fetchFragments(root) {
    all("[data-fragment]", root).forEach(function (slot) {
      var address = slot.dataset.fragment;
      slot.removeAttribute("data-fragment");
      fetch(address, { credentials: "same-origin", headers: { "HX-Request": "true" } })
        .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
        .then(function (text) {
          var box = document.createElement("div");
          box.innerHTML = text;
          var come = all(":scope > *", box);
          come.forEach(function (piece) { slot.parentNode.insertBefore(piece, slot); });
          slot.remove();
          come.forEach(function (piece) { fetchFragments(piece); document.dispatchEvent(new CustomEvent("isoko:fragment", { detail: piece })); });
        })
        .catch(function () { /* the link in the slot leads to the same */ });
    });
  }
  if (window.fetch) { fetchFragments(); }

  /* A button that keeps or lets go, changed in place: <form data-swap>. What fails is sent as a plain form. */
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter || form.querySelector("button");
    if (!form.hasAttribute("data-swap") || event.defaultPrevented || !window.fetch) { return; }
    event.preventDefault();
    var body = new URLSearchParams();
    body.append(button.name, button.value);
    fetch(form.action, { method: "POST", body: body, credentials: "same-origin", headers: { "HX-Request": "true" } })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
      .then(function (text) {
        var box = document.createElement("div"), focused = form.contains(document.activeElement);
        box.innerHTML = text;
        var fresh = box.querySelector("form");
        form.parentNode.replaceChild(fresh, form);
        if (focused) { fresh.querySelector("button").focus(); }
      })
      .catch(function () { form.removeAttribute("data-swap"); delete form.dataset.sent; button.click(); });
  });

  /* Recently seen: a product's page names itself by data-product; the list stays in this browser. */
  var product = document.querySelector("[data-product]");
  if (product) {
    try {
      var seen = (JSON.parse(localStorage.getItem("isoko.seen")) || []).filter(function (id) { return id !== product.dataset.product; });
      localStorage.setItem("isoko.seen", JSON.stringify([product.dataset.product].concat(seen).slice(0, 30)));
    } catch (refused) { /* no storage, no list */ }
  }

  /* A page of ours where there is no connection (marketplace/offline.py); asked for when this one stands. */
  if ("serviceWorker" in navigator && !document.documentElement.dataset.ui) {
    window.addEventListener("load", function () {
      navigator.serviceWorker.register("/worker.js?lang=" + document.documentElement.lang).catch(function () { /* the browser's own page, then */ });
    });
  }

  /* htmx, where a page loads it: a bad form (422) and a refusal (409) are shown in place too. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    var status = event.detail.xhr.status;
    if (status === 422 || status === 409) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
})();
