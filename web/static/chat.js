// The conversation that the page shows, and what it tells Gradio: which conversation a question is about.
(() => {
  const byId = (id) => document.getElementById(id);
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const wide = () => window.matchMedia("(min-width: 800px)").matches;
  const scrollTo = (element, block) => element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block });
  const head = document.querySelector(".head");
  // Kept for this tab, and for whoever is logged in.
  const who = document.querySelector(".person .who");
  const LAST = `gongwen-conversation ${who ? who.textContent : ""}`;
  const DRAFT = `gongwen-question ${who ? who.textContent : ""}`;

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
    remember(""); // until it is there: one that was deleted is not asked for again
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

  // -- clicks and keys --

  onClick({
    "[data-ask]": (hit) => ask(hit.dataset.ask),
    ".retry": (hit) => {
      const turn = hit.closest(".turn");
      const question = turn.querySelector(".question .words").textContent;
      if (turn === [...document.querySelectorAll(".turn")].at(-1)) {
        ask(question, Number(turn.dataset.number));
        return;
      }
      fill(question); // what follows it would go: that is shown, and sent by whoever wants it
      edit(Number(turn.dataset.number));
      focusBox();
    },
    ".edit": (hit) => {
      const turn = hit.closest(".turn");
      fill(turn.querySelector(".question .words").textContent);
      edit(Number(turn.dataset.number));
      focusBox();
    },
  });

  function onClick(acts) {
    document.addEventListener("click", (event) => {
      for (const [selector, act] of Object.entries(acts)) {
        const hit = event.target.closest && event.target.closest(selector);
        if (!hit) continue;
        event.preventDefault();
        act(hit);
        return;
      }
    });
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      focusBox();
    } else if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      if (byId("stop")) byId("stop").click();
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
  window.gongwen = { asking, stopping, mounted, show, conversation, focusBox, scrollTo, onClick };
})();
