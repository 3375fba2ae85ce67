// What all pages share: the theme and the language that a person chose, kept in this browser.
(() => {
  const YEAR = 365 * 24 * 3600;

  function applyTheme() {
    const theme = localStorage.getItem("gongwen-theme");
    const dark = theme ? theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
    if (document.body) document.body.classList.toggle("dark", dark);
  }

  function switchTheme() {
    localStorage.setItem("gongwen-theme", document.body.classList.contains("dark") ? "light" : "dark");
    applyTheme();
  }

  function keepLanguage(language) {
    document.cookie = `gongwen-language=${language}; path=/; max-age=${YEAR}; samesite=lax`;
  }

  applyTheme(); // before the first paint, where this stands in the body
  document.addEventListener("DOMContentLoaded", applyTheme);
  document.addEventListener("DOMContentLoaded", () => {
    // On a phone the links scroll sideways: the current one is to be seen.
    const links = document.querySelector(".pages");
    const current = links && links.querySelector("[aria-current]");
    if (current) links.scrollLeft = current.offsetLeft - links.offsetLeft - links.clientWidth / 2 + current.offsetWidth / 2;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-action]");
    if (!button) return;
    if (button.dataset.action === "theme") switchTheme();
    if (button.dataset.action === "language") {
      keepLanguage(document.documentElement.lang.startsWith("zh") ? "en" : "zh");
      location.reload();
    }
  });
  window.house = { applyTheme, switchTheme, keepLanguage };
})();
