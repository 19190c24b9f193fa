/* The settings page: the size of the text, kept in this browser alone. static/js/early.js applies it on every page. */
(function () {
  "use strict";
  var KEY = "isoko.size", root = document.documentElement, choices = document.getElementById("sizes");
  function show() {
    Array.prototype.forEach.call(choices.querySelectorAll("input"), function (input) { input.checked = (input.value === "large") === (root.getAttribute("data-size") === "large"); });
  }
  choices.addEventListener("change", function (event) {
    var large = event.target.value === "large";
    if (large) { root.setAttribute("data-size", "large"); } else { root.removeAttribute("data-size"); }
    try { localStorage.setItem(KEY, large ? "large" : "normal"); } catch (refused) { /* this page only, then */ }
  });
  show();
  choices.hidden = false;
})();
