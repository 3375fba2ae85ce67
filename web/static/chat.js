// What the chat page does without asking the server, and what it tells Gradio: which conversation a question is about.
(() => {
  const byId = (id) => document.getElementById(id);
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const wide = () => window.matchMedia("(min-width: 800px)").matches;
  const scrollTo = (element, block) => element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block });
  const head = document.querySelector(".head");
  const LAST = "gongwen-conversation"; // in this tab
  const DRAFT = "gongwen-draft";

  // -- the conversation --

  let open = null; // asks the server for a conversation
  let next = null; // what a click asks in place of what stands in the box
  let editing = null; // number of the turn that the question in the box replaces
  let last = { question: "", number: null };
  let turns = 0;
  let waiting = false;

  let showing = null; // the conversation that was asked for and is not there yet
  let seen = ""; // the one that is there

  function conversation() {
    return showing === null ? shownConversation() : showing;
  }

  function shownConversation() {
    const place = document.querySelector("[data-conversation]");
    return place ? place.dataset.conversation : "";
  }

  function textbox() {
    return document.querySelector("#question textarea");
  }

  function fill(words) {
    const box = textbox();
    if (!box) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, words);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Called by Gradio before a question is sent: returns the question and where it belongs.
  function asking(typed) {
    const { question, number } = next || { question: typed, number: editing };
    next = null;
    last = { question, number };
    edit(null);
    return [question, JSON.stringify({ conversation: conversation(), number })];
  }

  function stopping() {
    edit(last.number);
    return JSON.stringify({ conversation: conversation(), question: last.question });
  }

  function ask(question, number = null) {
    const send = byId("send");
    if (!send) return; // an answer is being looked for
    next = { question, number };
    send.click();
  }

  function edit(number) {
    editing = number;
    const box = byId("composer-row");
    const old = byId("editing");
    if (old) old.remove();
    document.querySelectorAll(".turn.replaced").forEach((turn) => turn.classList.remove("replaced"));
    if (number === null || !box) return;
    const note = document.createElement("p");
    note.id = "editing";
    note.setAttribute("role", "status");
    note.textContent = head.dataset.editing;
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.className = "act";
    cancel.textContent = head.dataset.cancel;
    cancel.addEventListener("click", () => { edit(null); fill(""); focusBox(); });
    note.append(" ", cancel);
    box.before(note);
    document.querySelectorAll(".turn").forEach((turn) => {
      turn.classList.toggle("replaced", Number(turn.dataset.number) >= number);
    });
  }

  function focusBox() {
    const box = textbox();
    if (!box) return;
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  function show(id, { push = true } = {}) {
    if (!open) { location.href = id ? `/?c=${encodeURIComponent(id)}` : "/"; return; }
    turns = 0;
    edit(null);
    if (push) history.pushState(null, "", id ? `/?c=${encodeURIComponent(id)}` : "/");
    remember(id);
    showing = id;
    open({ conversation: id });
    document.dispatchEvent(new CustomEvent("gongwen:conversation"));
  }

  function remember(id) {
    if (id) sessionStorage.setItem(LAST, id);
    else sessionStorage.removeItem(LAST);
  }

  // Called when Gradio has made the conversation's element.
  function mounted(element, trigger) {
    open = (place) => trigger("expand", place);
    const address = new URLSearchParams(location.search);
    const asked = address.get("q");
    const id = address.get("c") || (asked ? "" : sessionStorage.getItem(LAST) || "");
    if (id || asked !== null) history.replaceState(null, "", id ? `/?c=${encodeURIComponent(id)}` : "/");
    if (id) {
      showing = id;
      open({ conversation: id });
    }
    const draft = asked || sessionStorage.getItem(DRAFT);
    sessionStorage.removeItem(DRAFT);
    if (draft) whenThere(textbox, () => { fill(draft); focusBox(); });
  }

  function whenThere(find, then) {
    if (find()) then();
    else setTimeout(() => whenThere(find, then), 30);
  }

  window.addEventListener("popstate", () => {
    show(new URLSearchParams(location.search).get("c") || "", { push: false });
  });
  window.addEventListener("pagehide", () => {
    const box = textbox();
    if (box && box.value) sessionStorage.setItem(DRAFT, box.value);
  });

  function onChange() {
    translateToasts();
    const shown = document.querySelectorAll(".turn");
    const pending = document.querySelector(".answer.pending") !== null;
    if (shown.length > turns || (pending && !waiting)) scrollTo(shown[shown.length - 1], "start");
    if (waiting && !pending) afterAnswer(shown[shown.length - 1]);
    turns = shown.length;
    waiting = pending;
    const id = shownConversation();
    if (id === showing) showing = null;
    if (id === seen || pending) return;
    seen = id;
    if (!id) return;
    showing = null;
    remember(id);
    if (new URLSearchParams(location.search).get("c") !== id) {
      history.replaceState(null, "", `/?c=${encodeURIComponent(id)}`);
    }
    document.dispatchEvent(new CustomEvent("gongwen:conversation"));
  }

  function afterAnswer(turn) {
    if (turn) setTimeout(() => scrollTo(turn, "start"), 60);
    const side = byId("side");
    if (side) side.scrollTop = 0;
    // On a phone the keyboard would cover the answer.
    if (window.matchMedia("(hover: hover)").matches && wide()) setTimeout(focusBox, 120);
    document.dispatchEvent(new CustomEvent("gongwen:answered"));
  }

  // Gradio says in English only that the server is away; the question stays in its box meanwhile.
  function translateToasts() {
    document.querySelectorAll(".toast-body [data-testid=toast-text]").forEach((text) => {
      if (!text.textContent.startsWith("Connection to the server was lost")) return;
      text.textContent = head.dataset.lost;
      const title = text.closest(".toast-body").querySelector(".toast-title");
      if (title) title.firstChild.textContent = head.dataset.lostTitle;
    });
  }

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

  // -- clicks and keys --

  const ACTS = {
    ".marker": (hit) => openCard(hit.dataset.card),
    ".card-number": (hit) => backToMarker(hit.dataset.back),
    ".copy": copyFrom,
    "[data-ask]": (hit) => ask(hit.dataset.ask),
    ".retry": (hit) => {
      const turn = hit.closest(".turn");
      ask(turn.querySelector(".question .words").textContent, Number(turn.dataset.number));
    },
    ".edit": (hit) => {
      const turn = hit.closest(".turn");
      fill(turn.querySelector(".question .words").textContent);
      edit(Number(turn.dataset.number));
      focusBox();
    },
    ".withdraw": (hit) => judge(hit.closest(".feedback"), null),
  };

  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(ACTS)) {
      const hit = event.target.closest && event.target.closest(selector);
      if (!hit) continue;
      event.preventDefault();
      act(hit);
      return;
    }
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      focusBox();
    } else if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      if (!tip.hidden) hideTip();
      else if (byId("stop")) byId("stop").click();
      else if (editing !== null) { edit(null); fill(""); }
    }
  });

  // Enter that only picks a word of an input method must not send the question.
  document.addEventListener("keypress", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopPropagation();
  }, true);

  // Gradio puts the browser's language and theme there.
  const ours = document.documentElement.lang;
  new MutationObserver(() => {
    if (document.documentElement.lang !== ours) document.documentElement.lang = ours;
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  new MutationObserver(() => {
    const theme = localStorage.getItem("gongwen-theme");
    if (theme && document.body.classList.contains("dark") !== (theme === "dark")) window.house.applyTheme();
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  new MutationObserver(onChange).observe(document.body, { childList: true, subtree: true });
  window.gongwen = { asking, stopping, mounted, show, conversation, focusBox };
})();
