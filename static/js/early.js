/* Runs before anything is painted, so that large text never flashes small. The settings page writes the choice. */
try { if (localStorage.getItem("isoko.size") === "large") { document.documentElement.setAttribute("data-size", "large"); } } catch (refused) { /* no storage, no choice */ }
