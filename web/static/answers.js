// What an answer offers: markers that tell their quotation and lead to their card, copying, the panels below it.
(() => {
  const byId = (id) => document.getElementById(id);
  const head = document.querySelector(".head");
  const { conversation, scrollTo, onClick } = window.gongwen;

  // -- markers and cards --

  function flash(element) {
    document.querySelectorAll(".flash").forEach((other) => other.classList.remove("flash"));
    void element.offsetWidth; // restarts the animation
    element.classList.add("flash");
  }

  function openCard(number) {
    const card = byId(`card-${number}`);
    if (!card) return;
    hideTip();
    document.querySelectorAll("#evidence .evidence").forEach((group) => { group.hidden = !group.contains(card); });
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

  // The quotation behind a marker, beside it: under the pointer, which may go into it, and on focus; Esc hides it.
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  for (const part of ["cite", "quote", "holds"]) {
    const line = document.createElement("p");
    line.className = part;
    tip.append(line);
  }
  document.body.append(tip);
  let leaving = 0;
  let told = null;

  function showTip(marker) {
    clearTimeout(leaving);
    if (told === marker) return;
    hideTip();
    told = marker;
    for (const line of tip.children) line.textContent = marker.dataset[line.className];
    tip.lastChild.className = "holds";
    tip.dataset.status = marker.dataset.status;
    marker.setAttribute("aria-describedby", "tip");
    tip.hidden = false;
    const at = marker.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left - 24), window.innerWidth - tip.offsetWidth - 8);
    const below = at.bottom + 6 + tip.offsetHeight < window.innerHeight;
    tip.style.left = `${left}px`;
    tip.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - tip.offsetHeight - 6)}px`;
  }

  function hideTip() {
    clearTimeout(leaving);
    tip.hidden = true;
    if (told) told.removeAttribute("aria-describedby");
    told = null;
  }

  const markerOf = (event) => event.target.closest && event.target.closest(".marker");
  document.addEventListener("mouseover", (event) => {
    const marker = markerOf(event);
    if (marker) showTip(marker);
    else if (tip.contains(event.target)) clearTimeout(leaving);
    else if (told) { clearTimeout(leaving); leaving = setTimeout(hideTip, 200); }
  });
  document.addEventListener("focusin", (event) => {
    const marker = markerOf(event);
    if (marker && marker.matches(":focus-visible")) showTip(marker);
    else hideTip();
  });
  document.addEventListener("scroll", hideTip, true);

  // -- copying --

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

  // -- panels of an answer: why, and what a person says of it --

  function addressOf(panel, what) {
    const turn = panel.dataset.turn || panel.closest(".turn").querySelector(".feedback").dataset.turn;
    return `/conversations/${encodeURIComponent(conversation())}/turns/${encodeURIComponent(turn)}/${what}`;
  }

  async function fillWhy(panel) {
    if (panel.dataset.asked) return;
    panel.dataset.asked = "yes";
    const text = panel.querySelector(".why-text");
    try {
      const response = await fetch(addressOf(panel, "why"));
      if (!response.ok && response.status !== 500) throw new Error(String(response.status));
      text.innerHTML = await response.text();
    } catch {
      text.textContent = head.dataset.failed;
      delete panel.dataset.asked;
    }
  }

  async function judge(panel, opinion) {
    const error = panel.querySelector(".form-error");
    try {
      const response = await fetch(addressOf(panel, "feedback"), {
        method: opinion ? "PUT" : "DELETE",
        headers: { "content-type": "application/json" },
        body: opinion && JSON.stringify(opinion),
      });
      if (!response.ok) throw new Error(String(response.status));
      panel.outerHTML = await response.text();
    } catch {
      error.textContent = head.dataset.failed;
    }
  }

  document.addEventListener("submit", (event) => {
    const panel = event.target.closest(".feedback");
    if (!panel) return;
    event.preventDefault();
    const number = panel.closest(".turn").id;
    judge(panel, Object.fromEntries(new FormData(event.target))).then(() => {
      const summary = document.querySelector(`#${number} .feedback summary`);
      if (summary) summary.focus();
    });
  });

  document.addEventListener("toggle", (event) => {
    const panel = event.target;
    if (!panel.matches || !panel.open) return;
    if (panel.matches("details.why")) fillWhy(panel);
    if (!panel.matches("details.context")) return;
    const text = panel.querySelector(".context-text"); // scrolled to the words that are cited
    const mark = text && text.querySelector("mark");
    if (mark) text.scrollTop = mark.offsetTop - text.offsetTop - text.clientHeight / 3;
  }, true);

  onClick({
    ".marker": (hit) => openCard(hit.dataset.card),
    ".card-number": (hit) => backToMarker(hit.dataset.back),
    ".copy": copyFrom,
    ".withdraw": (hit) => judge(hit.closest(".feedback"), null),
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || tip.hidden) return;
    hideTip();
    event.stopImmediatePropagation(); // it stops no answer
  }, true);
})();
