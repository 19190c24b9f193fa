/* Fills the lists of cities and districts at once. Without this file a button asks the server to. */
(function () {
  "use strict";
  var box = document.querySelector("[data-regions]");
  if (!box || !window.fetch) { return; }
  var list = function (name) { return box.querySelector("[data-region=" + name + "]"); };
  var province = list("province"), city = list("city"), district = list("district");
  var below = function (level, code) {
    var found = level.filter(function (row) { return row[0] === code; })[0];
    return found ? found[2] : [];
  };
  function fill(select, rows, chosen) {
    while (select.options.length > 1) { select.remove(1); }
    rows.forEach(function (row) { select.add(new Option(row[1], row[0], false, row[0] === chosen)); });
    if (rows.length === 1) { select.value = rows[0][0]; }
  }
  fetch(box.dataset.regions).then(function (answer) {
    if (!answer.ok) { throw new Error(answer.status); }
    return answer.json();
  }).then(function (tree) {
    function districts(chosen) { fill(district, below(below(tree, province.value), city.value), chosen); }
    function cities(chosen, then) { fill(city, below(tree, province.value), chosen); districts(then); }
    cities(city.value, district.value);
    province.addEventListener("change", function () { cities("", ""); });
    city.addEventListener("change", function () { districts(""); });
    box.querySelector("[data-fallback]").hidden = true;
  }).catch(function () { /* the button still works */ });
})();
