/* Search: suggestions while typing, the searches of this browser, and filters on a sheet. Without it all are plain pages. */
(function () {
  "use strict";
  var all = function (what, root) { return Array.prototype.slice.call((root || document).querySelectorAll(what)); };
  var later = function (deed, ms) { var timer; return function () { clearTimeout(timer); timer = setTimeout(deed, ms); }; };

  /* Suggestions: <input data-suggest="address"> in a form. A listbox under it, moved through with the arrow keys. */
  all("[data-suggest]").forEach(function (field) {
    var list = document.createElement("ul"), asked = "", chosen = -1;
    list.id = "suggestions"; list.className = "suggestions"; list.hidden = true;
    list.setAttribute("role", "listbox"); list.setAttribute("aria-label", field.getAttribute("aria-label"));
    field.parentNode.appendChild(list);
    field.setAttribute("role", "combobox"); field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id); field.setAttribute("aria-expanded", "false");

    function show(found) {
      list.textContent = ""; chosen = -1; field.removeAttribute("aria-activedescendant");
      found.forEach(function (one, place) {
        var item = document.createElement("li");
        item.id = "suggestion-" + place; item.textContent = one.text; item.dataset.url = one.url;
        item.setAttribute("role", "option"); item.setAttribute("aria-selected", "false");
        list.appendChild(item);
      });
      list.hidden = !found.length; field.setAttribute("aria-expanded", String(!list.hidden));
    }
    function choose(place) {
      var items = list.children;
      if (list.hidden || !items.length) { return; }
      if (items[chosen]) { items[chosen].setAttribute("aria-selected", "false"); }
      chosen = (place + items.length) % items.length;
      items[chosen].setAttribute("aria-selected", "true");
      field.setAttribute("aria-activedescendant", items[chosen].id);
    }
    field.addEventListener("input", later(function () {
      var typed = field.value.trim();
      asked = typed;
      if (!typed) { show([]); return; }
      fetch(field.dataset.suggest + "?format=json&q=" + encodeURIComponent(typed), { credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
        .then(function (found) { if (asked === typed && document.activeElement === field) { show(found.suggestions); } })
        .catch(function () { /* typing goes on without them */ });
    }, 300));
    field.addEventListener("keydown", function (event) {
      if (event.isComposing || list.hidden) { return; }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(event.key === "ArrowDown" ? chosen + 1 : Math.max(chosen, 0) - 1); }
      if (event.key === "Escape") { event.preventDefault(); show([]); }
      if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); location.href = list.children[chosen].dataset.url; }
    });
    list.addEventListener("mousedown", function (event) {
      event.preventDefault();
      var item = event.target.closest("li");
      if (item) { location.href = item.dataset.url; }
    });
    field.addEventListener("blur", function () { show([]); });
  });

  /* History: what found something is kept in this browser alone. [data-searched] names it, [data-history] shows it. */
  var KEY = "isoko.searches";
  function kept() { try { return JSON.parse(localStorage.getItem(KEY)) || []; } catch (refused) { return []; } }
  function keep(words) { try { localStorage.setItem(KEY, JSON.stringify(words.slice(0, 12))); } catch (refused) { /* no storage, no list */ } }
  var searched = document.querySelector("[data-searched]"), history = document.querySelector("[data-history]");
  if (searched) {
    keep([searched.dataset.searched].concat(kept().filter(function (word) { return word !== searched.dataset.searched; })));
  }
  function list() {
    var words = kept(), place = history.querySelector("ul"), form = history.querySelector("template").content;
    place.textContent = ""; history.hidden = !words.length;
    words.forEach(function (word) {
      var item = document.importNode(form, true), link = item.querySelector("a"), button = item.querySelector("button");
      link.textContent = word; link.href += encodeURIComponent(word);
      button.setAttribute("aria-label", button.getAttribute("aria-label") + " " + word);
      button.addEventListener("click", function () { keep(kept().filter(function (other) { return other !== word; })); list(); });
      place.appendChild(item);
    });
  }
  if (history) {
    history.querySelector("[data-clear]").addEventListener("click", function () { keep([]); list(); });
    list();
  }

  /* Filters: a link [data-filters] opens its page as a sheet. Counts follow what is chosen; Confirm sends the form. */
  var fragment = function (url) {
    return fetch(url, { credentials: "same-origin", headers: { "HX-Request": "true" } }).then(function (answer) {
      if (!answer.ok && answer.status !== 422) { throw answer.status; }
      return answer.text();
    }).then(function (text) {
      var box = document.createElement("div");
      box.innerHTML = text;
      return box.firstElementChild;
    });
  };
  function tidy(form) {
    form.addEventListener("submit", function () {
      all("input:not([type=checkbox]):not([type=radio])", form).forEach(function (field) { field.disabled = !field.value.trim(); });
    });
  }
  function words(form) {
    return all("input", form).filter(function (field) {
      return field.value.trim() && (field.checked || (field.type !== "checkbox" && field.type !== "radio"));
    }).map(function (field) { return encodeURIComponent(field.name) + "=" + encodeURIComponent(field.value); }).join("&");
  }
  function follow(drawer) {
    var form = drawer.querySelector("form");
    tidy(form);
    form.addEventListener("change", later(function () {
      var asked = words(form);
      fragment(drawer.dataset.counts + "?" + asked).then(function (fresh) {
        if (asked !== words(form)) { return; }
        all("[data-count]", drawer).forEach(function (count) {
          var now = fresh.querySelector('[data-count="' + count.dataset.count + '"]');
          count.textContent = now ? now.textContent : "0";
        });
        drawer.querySelector("[data-total]").textContent = fresh.querySelector("[data-total]").textContent;
        drawer.querySelector(".error").hidden = fresh.querySelector(".error").hidden;
      }).catch(function () { /* the counts stay as they were */ });
    }, 300));
  }
  all(".drawer").forEach(follow);
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("[data-filters]") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    fragment(link.href).then(function (drawer) {
      var veil = document.createElement("div");
      veil.className = "veil";
      veil.appendChild(drawer);
      drawer.setAttribute("role", "dialog"); drawer.setAttribute("aria-modal", "true");
      document.body.appendChild(veil);
      document.body.classList.add("is-veiled");
      var close = drawer.querySelector("[data-close]");
      function end() { veil.remove(); document.body.classList.remove("is-veiled"); link.focus(); }
      close.setAttribute("role", "button");
      veil.addEventListener("click", function (pressed) {
        if (pressed.target === veil || pressed.target.closest("[data-close]")) { pressed.preventDefault(); end(); }
      });
      veil.addEventListener("keydown", function (key) {
        if (key.key === "Escape") { end(); return; }
        if (key.key !== "Tab") { return; }
        var stops = all("a[href],button,input:not([type=hidden]),summary", drawer).filter(function (stop) { return stop.getClientRects().length; });
        var last = stops[stops.length - 1];
        if (key.shiftKey && document.activeElement === stops[0]) { key.preventDefault(); last.focus(); }
        if (!key.shiftKey && document.activeElement === last) { key.preventDefault(); stops[0].focus(); }
      });
      follow(drawer);
      close.focus();
    }).catch(function () { location.href = link.href; });
  });
  window.addEventListener("pageshow", function () { all(".drawer input:disabled").forEach(function (field) { field.disabled = false; }); });
})();
