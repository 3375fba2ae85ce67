// The reading room with a script: results while one types, steps from provision to provision, copying. All of it works without.
document.documentElement.classList.add("js");
(() => {
  const TYPING_REST = 180; // milliseconds without a key before the list is asked for
  const TOAST = 2000;

  // The list

  const seek = document.querySelector("form.seek");
  if (seek) {
    const results = document.getElementById("results");
    let timer = 0;
    let running = null;

    function address() {
      const given = new URLSearchParams();
      for (const [name, value] of new FormData(seek)) if (value) given.set(name, value);
      return `${seek.getAttribute("action")}${given.size ? `?${given}` : ""}`;
    }

    async function show(url) {
      if (running) running.abort();
      const mine = (running = new AbortController());
      results.setAttribute("aria-busy", "true");
      const part = new URL(url, location.href);
      part.searchParams.set("part", "results");
      try {
        const answer = await fetch(part, { signal: mine.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        results.innerHTML = await answer.text();
        history.replaceState(null, "", url);
      } catch (error) {
        if (error.name === "AbortError") return;
        location.assign(url); // the page itself tells what is wrong
      }
      if (running === mine) results.removeAttribute("aria-busy");
    }

    function later(wait) {
      clearTimeout(timer);
      timer = setTimeout(() => show(address()), wait);
    }

    seek.elements.q.addEventListener("input", (event) => event.isComposing || later(TYPING_REST));
    seek.elements.q.addEventListener("compositionend", () => later(TYPING_REST));
    seek.addEventListener("change", (event) => event.target.tagName === "SELECT" && later(0));
    seek.addEventListener("submit", (event) => {
      event.preventDefault();
      later(0);
    });
  }

  // A document

  const sheet = document.querySelector("article.sheet");
  if (!sheet) return;
  const units = [...sheet.querySelectorAll(".unit[id]")].filter((unit) => unit.dataset.label);
  const links = new Map();
  for (const link of document.querySelectorAll(".contents a")) links.set(fragmentOf(link), link);
  let current = null;

  function fragmentOf(link) {
    return decodeURIComponent(link.hash.slice(1));
  }

  function asked() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return location.hash.slice(1);
    }
  }

  function followFragment() {
    const name = asked();
    if (!name || document.getElementById(name)) return;
    const page = new URL(location.href); // a page that tells which provisions there are
    page.hash = "";
    page.searchParams.set("label", name);
    location.replace(page);
  }
  followFragment();
  window.addEventListener("hashchange", followFragment);

  function markCurrent(unit) {
    if (unit === current) return;
    current = unit;
    for (const link of links.values()) link.removeAttribute("aria-current");
    for (let above = unit; above; above = above.parentElement && above.parentElement.closest(".unit[id]")) {
      const link = links.get(above.id);
      if (!link) continue;
      for (let box = link.closest("details"); box; box = box.parentElement.closest("details")) {
        if (!box.classList.contains("contents-box")) box.open = true;
      }
      link.setAttribute("aria-current", "true");
      const list = link.closest("nav");
      if (list.scrollHeight > list.clientHeight) {
        const away = link.getBoundingClientRect().top - list.getBoundingClientRect().top;
        if (away < 0 || away > list.clientHeight - 40) list.scrollTop += away - list.clientHeight / 3;
      }
      return;
    }
  }

  // The last provision whose beginning has come up to the reader's line.
  function onScroll() {
    const line = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--header")) + 90;
    let low = 0;
    let high = units.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (units[middle].getBoundingClientRect().top <= line) low = middle + 1;
      else high = middle;
    }
    if (low) markCurrent(units[low - 1]);
  }
  let waiting = false;
  window.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      onScroll();
    });
  });
  onScroll();

  function step(by) {
    const target = document.getElementById(asked());
    const from = target && units.includes(target) && isNear(target) ? target : current;
    const place = units.indexOf(from) + by;
    if (units[place]) location.hash = `#${encodeURIComponent(units[place].id)}`;
  }

  function isNear(unit) {
    const { top, bottom } = unit.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  }

  // The words found

  const marks = [...sheet.querySelectorAll(".paper mark")];
  let match = -1;
  function toMatch(by) {
    if (!marks.length) return;
    if (match >= 0) marks[match].classList.remove("current");
    match = (match + by + marks.length) % marks.length;
    marks[match].classList.add("current");
    marks[match].scrollIntoView({ block: "center" });
    const tally = document.getElementById("matches");
    tally.textContent = `${match + 1} / ${marks.length}`;
  }
  if (marks.length && !location.hash) toMatch(1);

  function say(words) {
    const toast = document.getElementById("toast");
    toast.textContent = words;
    toast.hidden = false;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => (toast.hidden = true), TOAST);
  }

  async function copy(words, said) {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(words);
    } else {
      const box = document.createElement("textarea"); // plain http beyond this machine has no clipboard
      box.value = words;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    say(said);
  }

  for (const button of sheet.querySelectorAll("[data-print], [data-step], [data-match]")) button.hidden = false;
  for (const link of sheet.querySelectorAll("[data-ask]")) {
    link.href = sheet.dataset.ask.replace("LABEL", encodeURIComponent(link.closest(".unit").dataset.label));
  }

  sheet.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (!button) return;
    const { copy: what, step: by, match: to, print } = button.dataset;
    const unit = button.closest(".unit");
    if (what === "citation") copy(sheet.dataset.citation + unit.dataset.label, sheet.dataset.copiedCitation);
    if (what === "link") copy(button.href, sheet.dataset.copiedLink); // and goes there, as a link does
    if (by) step(Number(by));
    if (to) toMatch(Number(to));
    if (print !== undefined) window.print();
  });

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, .scroll")) return;
    if (event.key === "ArrowRight") step(1);
    else if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "/") {
      event.preventDefault();
      document.getElementById("find").focus();
    }
  });

  // A narrow screen reads the text first.
  if (window.matchMedia("(max-width: 999px)").matches) document.querySelector(".contents-box").open = false;
  const day = document.getElementById("as_of");
  day.addEventListener("change", () => day.value && day.form.requestSubmit());
})();
