// Sets the theme before the first paint, so that a dark page never flashes white.
(function () {
  let theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  try {
    const chosen = localStorage.getItem("gradwatch.theme");
    if (chosen === "light" || chosen === "dark") {
      theme = chosen;
    }
  } catch (blocked) {
    // Without storage the page follows the system.
  }
  document.documentElement.dataset.theme = theme;
})();
