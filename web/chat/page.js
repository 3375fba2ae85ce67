// What the page does without asking the server: markers and cards, copying, scrolling, light and dark.
(() => {
  if (window.gongwen) return;
  const byId = (id) => document.getElementById(id);
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scrollTo = (element, block) => element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block });

  function showEvidenceTab() {
    const tab = document.querySelector("#tabs [role=tab]");
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
  }

  function flash(element) {
    document.querySelectorAll(".flash").forEach((other) => other.classList.remove("flash"));
    void element.offsetWidth; // restarts the animation
    element.classList.add("flash");
  }

  function showGroup(card) {
    document.querySelectorAll("#evidence .evidence").forEach((group) => {
      group.hidden = !group.contains(card);
    });
  }

  function openCard(number) {
    const card = byId(`card-${number}`);
    if (!card) return;
    showEvidenceTab();
    showGroup(card);
    flash(card);
    setTimeout(() => {
      scrollTo(card, "nearest");
      card.focus({ preventScroll: true });
    }, 30);
  }

  function backToMarker(number) {
    const marker = document.querySelector(`.marker[data-card="${number}"]`);
    if (!marker) return;
    scrollTo(marker, "center");
    marker.focus({ preventScroll: true });
    flash(marker);
  }

  // navigator.clipboard exists only on https and localhost; an office server is often plain http.
  async function copyWords(words) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(words);
    const area = document.createElement("textarea");
    area.value = words;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.appendChild(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error("copy refused");
  }

  async function copyFrom(button) {
    const label = button.dataset.label || button.textContent;
    button.dataset.label = label;
    try {
      await copyWords(button.dataset.copy);
    } catch {
      return;
    }
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = label; delete button.dataset.label; }, 1400);
  }

  document.addEventListener("click", (event) => {
    const hit = event.target.closest && event.target.closest(".marker, .card-number, .copy");
    if (!hit) return;
    event.preventDefault();
    if (hit.matches(".marker")) openCard(hit.dataset.card);
    else if (hit.matches(".card-number")) backToMarker(hit.dataset.back);
    else copyFrom(hit);
  });

  // Scroll an opened context to the words that are cited.
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches || !event.target.matches("details.context") || !event.target.open) return;
    const text = event.target.querySelector(".context-text");
    const mark = text && text.querySelector("mark");
    if (mark) text.scrollTop = mark.offsetTop - text.offsetTop - text.clientHeight / 3;
  }, true);

  // Enter that only picks a word of an input method must not send the question.
  document.addEventListener("keypress", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopPropagation();
  }, true);

  function applyTheme() {
    const theme = localStorage.getItem("gongwen-theme");
    if (theme) document.body.classList.toggle("dark", theme === "dark");
  }

  function switchTheme() {
    const dark = !document.body.classList.contains("dark");
    localStorage.setItem("gongwen-theme", dark ? "dark" : "light");
    applyTheme();
  }

  // Gradio says in English only that the server is away; the question stays in its box meanwhile.
  function translateToasts(brand) {
    document.querySelectorAll(".toast-body [data-testid=toast-text]").forEach((text) => {
      if (!text.textContent.startsWith("Connection to the server was lost")) return;
      text.textContent = brand.dataset.lost;
      const title = text.closest(".toast-body").querySelector(".toast-title");
      if (title) title.firstChild.textContent = brand.dataset.lostTitle;
    });
  }

  let turns = 0;
  let waiting = false;
  function onChange() {
    const brand = document.querySelector(".brand");
    if (brand && document.documentElement.lang !== brand.lang) {
      document.documentElement.lang = brand.lang;
    }
    if (brand) translateToasts(brand);
    const shown = document.querySelectorAll(".turn");
    const pending = document.querySelector(".answer.pending") !== null;
    if (shown.length > turns) scrollTo(shown[shown.length - 1], "start");
    if (waiting && !pending) afterAnswer(shown[shown.length - 1]);
    turns = shown.length;
    waiting = pending;
  }

  function afterAnswer(turn) {
    if (turn) setTimeout(() => scrollTo(turn, "start"), 60);
    const side = byId("side");
    if (side) side.scrollTop = 0;
    // On a phone the keyboard would cover the answer.
    if (window.matchMedia("(hover: hover) and (min-width: 800px)").matches) {
      setTimeout(() => { const box = document.querySelector("#question textarea"); if (box) box.focus(); }, 120);
    }
  }

  new MutationObserver(onChange).observe(document.body, { childList: true, subtree: true, attributes: true,
    attributeFilter: ["lang"] });
  window.gongwen = { switchTheme, openCard };
  applyTheme();
  setTimeout(applyTheme, 300);
  onChange();
})();
