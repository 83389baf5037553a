// Sets the theme before the first paint, so that a dark page never flashes white.
(function () {
  try {
    const theme = localStorage.getItem("gradwatch.theme");
    if (theme === "light" || theme === "dark") {
      document.documentElement.dataset.theme = theme;
    }
  } catch (blocked) {
    // Without storage the page follows the system.
  }
})();
