// A classic script in the head: the theme stands before the first paint.
(function () {
  let kept = null;
  try {
    kept = localStorage.getItem("sandbox-theme");
  } catch {
    kept = null; // storage is off: follow the system
  }
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = kept || (dark ? "dark" : "light");
})();
