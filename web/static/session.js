// A log-in that ended while the page stood open: to the log-in and back, with the question that was not sent.
(() => {
  const DRAFT = "gongwen-draft";
  const box = () => document.querySelector("#question textarea");
  const who = () => { const name = document.querySelector(".person .who"); return name && name.textContent; };

  function logIn() {
    const question = box() && box().value;
    if (question) sessionStorage.setItem(DRAFT, JSON.stringify({ who: who(), question }));
    location.assign(`/login?after=ended&next=${encodeURIComponent(location.pathname + location.search)}`);
  }

  // Once the page stands, the question returns to its box, if it is the same person's.
  function restore() {
    const draft = JSON.parse(sessionStorage.getItem(DRAFT) || "null");
    if (!draft) return true;
    if (!box() || !who()) return false;
    if (who() === draft.who && !box().value) {
      box().value = draft.question;
      box().dispatchEvent(new Event("input", { bubbles: true }));
    }
    sessionStorage.removeItem(DRAFT);
    return true;
  }

  const plainFetch = window.fetch;
  window.fetch = async (...request) => {
    const response = await plainFetch(...request);
    if (response.status === 401 && new URL(response.url).origin === location.origin) logIn();
    return response;
  };

  function begin() {
    if (restore()) return;
    const watch = new MutationObserver(() => { if (restore()) watch.disconnect(); });
    watch.observe(document.body, { childList: true, subtree: true });
  }

  // Gradio puts this into its head when the page stands already.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
