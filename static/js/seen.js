/* Recently seen: asks for the cards of what this browser remembers (isoko.js keeps the list under this name). */
(function () {
  "use strict";
  var KEY = "isoko.seen", place = document.getElementById("seen"), none = document.getElementById("none"), forget = document.getElementById("forget");
  var ids = [];
  try { ids = JSON.parse(localStorage.getItem(KEY)) || []; } catch (refused) { /* no storage: nothing was remembered */ }
  function show(html) {
    place.innerHTML = html;
    none.hidden = !!html.trim();
    forget.hidden = !html.trim();
  }
  forget.addEventListener("click", function () {
    try { localStorage.removeItem(KEY); } catch (refused) { /* gone already */ }
    show("");
    none.querySelector("a").focus();
  });
  if (!ids.length) { show(""); return; }
  var wanted = new URLSearchParams();
  ids.slice(0, 30).forEach(function (id) { wanted.append("id", id); });
  fetch(place.dataset.cards, { method: "POST", body: wanted, credentials: "same-origin", headers: { "HX-Request": "true" } })
    .then(function (answer) { return answer.ok ? answer.text() : ""; })
    .then(show, function () { show(""); });
})();
