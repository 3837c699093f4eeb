// Runs before the first paint, so that the stored theme never flashes. Kept outside the bundle and
// outside the page because the content security policy forbids inline script.
(() => {
  let choice = "system";
  try {
    choice = localStorage.getItem("mandrake.theme") || "system";
  } catch {
    // Storage may be blocked: the system's theme is used.
  }
  const dark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
})();
