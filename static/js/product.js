/* A product's page: a counter of pictures, options in a sheet, an estimate of the choice. It works without. */
(function () {
  "use strict";
  var all = function (what, root) { return Array.prototype.slice.call((root || document).querySelectorAll(what)); };
  var first = function (what, root) { return (root || document).querySelector(what); };

  /* Pictures: "2/6" for "6 pictures"; a small one brings its large one into view. */
  var strip = first(".gallery .scroller"), counter = first("[data-counter]"), thumbs = all(".thumbs a");
  function follow() {
    var of = strip.children.length, at = Math.min(of, Math.round(strip.scrollLeft / strip.clientWidth) + 1);
    counter.textContent = at + "/" + of;
    thumbs.forEach(function (thumb, n) { thumb.setAttribute("aria-current", n + 1 === at); });
  }
  if (strip && counter) {
    strip.addEventListener("scroll", follow, { passive: true });
    thumbs.forEach(function (thumb, n) {
      thumb.addEventListener("click", function (event) { event.preventDefault(); strip.scrollLeft = n * strip.clientWidth; });
    });
    follow();
  }

  /* The estimate follows region, variant and quantity; of several answers the last one asked for counts. */
  var asked = 0, quantity = first("#quantity");
  function estimate(address, province) {
    var slot = first("#estimate"), mine = ++asked, number = quantity ? +quantity.value || 1 : 1;
    if (!slot || !window.fetch) { return; }
    var query = "?quantity=" + number + (province === undefined ? "" : "&province=" + province);
    fetch(address + query, { credentials: "same-origin", headers: { "HX-Request": "true" } })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
      .then(function (text) {
        if (mine !== asked) { return; }
        var within = first("#estimate").contains(document.activeElement);
        first("#estimate").outerHTML = text;
        dress();
        if (within && first("#province")) { first("#province").focus(); }
      })
      .catch(function () {});
  }
  function dress() { all("#estimate [data-fallback]").forEach(function (one) { one.hidden = true; }); }
  document.addEventListener("isoko:fragment", dress);
  document.addEventListener("change", function (event) {
    var form = event.target.id === "province" ? event.target.form : null;
    if (form) { estimate(form.getAttribute("action"), event.target.value); }
  });

  /* How many: at the limit, say why there are no more. */
  function limit() {
    var reason = first("[data-short]");
    if (reason) { reason.textContent = quantity.max && +quantity.value >= +quantity.max ? reason.dataset.short : ""; }
  }
  if (quantity) {
    quantity.addEventListener("change", function () {
      var form = first("#estimate form");
      quantity.value = Math.max(1, Math.min(+quantity.max || 99, Math.floor(+quantity.value) || 1));
      limit();
      tell();
      if (form) { estimate(form.getAttribute("action")); }
    });
  }

  /* Options. */
  var sku = first("#sku"), data = first("#variants"), form = first("#buy"), opener = first("[data-open-sku]");
  var bar = first(".bar"), buttons = all("button[form=buy]"), variants = data ? JSON.parse(data.textContent) : [];
  var tell = function () {};
  if (!data || !opener) { return; }
  var radios = all("input[type=radio]", sku), axes = all("fieldset", sku).length, at = location.pathname;
  var unchosen = first("span", opener).textContent;

  function answers() {
    var given = {};
    all("input:checked", sku).forEach(function (radio) { given[radio.name.slice(2)] = radio.value; });
    return given;
  }
  function agrees(variant, given) { return Object.keys(given).every(function (axis) { return variant.o[axis] === given[axis]; }); }
  function write(name, text) { all("[data-" + name + "]").forEach(function (place) { place.textContent = text; }); }

  function mark(radio, given) {
    var wanted = Object.assign({}, given), chip = radio.parentNode, word = first("small", chip) || document.createElement("small");
    wanted[radio.name.slice(2)] = radio.value;
    var left = variants.some(function (variant) { return variant.n && agrees(variant, wanted); });
    chip.classList.toggle("is-out", !left);
    word.textContent = left ? "" : sku.dataset.out;
    radio.nextElementSibling.appendChild(word);
  }

  function price(parts) {
    all("#price .price, [data-price]").forEach(function (place) {
      place.textContent = "";
      parts.forEach(function (part, n) {
        var piece = document.createElement(n === 1 ? "span" : "small");
        piece.textContent = part;
        place.appendChild(piece);
      });
    });
  }

  tell = function () {
    var words = all("input:checked + span", sku).map(function (label) { return label.firstChild.textContent.trim(); });
    var text = words.length ? sku.dataset.selected.replace("|", words.join(" · ") + (quantity ? " ×" + quantity.value : "")) : unchosen;
    first("span", opener).textContent = text;
    write("chosen", text);
  };

  function choose() {
    var given = answers(), whole = Object.keys(given).length === axes;
    var variant = whole ? variants.filter(function (one) { return agrees(one, given); })[0] : null;
    radios.forEach(function (radio) { mark(radio, given); });
    buttons.forEach(function (button) { button.disabled = whole && !(variant && variant.n); });
    if (whole && !variant) { write("stock", sku.dataset.again); }
    if (variant) {
      price(variant.p);
      write("stock", variant.s);
      ["weight", "size", "number"].forEach(function (name, n) { write(name, variant.f[n]); });
      form.action = sku.dataset.add.replace("/0/", "/" + variant.i + "/");
      if (quantity && variant.n) { quantity.max = variant.n; quantity.value = Math.min(+quantity.value || 1, variant.n); limit(); }
      history.replaceState(null, "", at + "?v=" + variant.i);
      estimate(sku.dataset.estimate.replace("/0/", "/" + variant.i + "/"));
    }
    tell();
  }
  sku.addEventListener("change", function (event) { if (event.target.type === "radio") { choose(); } });
  first("[data-fallback]", sku).hidden = true;
  radios.forEach(function (radio) { mark(radio, answers()); });
  first("[data-price]").innerHTML = first("#price .price").innerHTML;
  tell();

  /* The sheet, on narrow screens. Focus goes round it and the bar, whose buttons stay. */
  var narrow = window.matchMedia("(max-width:899px)"), veil = document.createElement("div"), before, root = document.documentElement;
  veil.className = "veil";
  veil.hidden = true;
  sku.parentNode.appendChild(veil);
  sku.classList.add("is-sheet");
  sku.tabIndex = -1;
  first(".sku-head").hidden = false;
  opener.hidden = false;
  function open() {
    before = document.activeElement;
    sku.setAttribute("role", "dialog");
    sku.setAttribute("aria-modal", "true");
    root.classList.add("is-choosing");
    veil.hidden = false;
    sku.focus({ preventScroll: true });
  }
  function close() {
    sku.removeAttribute("role");
    sku.removeAttribute("aria-modal");
    root.classList.remove("is-choosing");
    veil.hidden = true;
    if (before) { before.focus({ preventScroll: true }); }
  }
  opener.addEventListener("click", open);
  veil.addEventListener("click", close);
  first("[data-close]", sku).addEventListener("click", close);
  buttons.forEach(function (button) {
    button.addEventListener("click", function (event) {
      if (narrow.matches && veil.hidden) { event.preventDefault(); open(); }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (veil.hidden) { return; }
    if (event.key === "Escape") { close(); }
    if (event.key !== "Tab") { return; }
    var ring = all("button, input", sku).concat(all("button, a", bar)).filter(function (one) { return !one.disabled && !one.closest("[hidden]"); });
    var ends = event.shiftKey ? [ring[0], ring[ring.length - 1]] : [ring[ring.length - 1], ring[0]];
    if (document.activeElement === ends[0] || document.activeElement === sku && event.shiftKey) { event.preventDefault(); ends[1].focus(); }
  });
  narrow.addEventListener("change", function () { if (!narrow.matches && !veil.hidden) { close(); } });
})();
