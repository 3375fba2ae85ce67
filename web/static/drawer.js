// The list of conversations: opened and closed, searched, its entries opened, renamed and deleted.
(() => {
  const byId = (id) => document.getElementById(id);
  const drawer = byId("drawer");
  const button = byId("drawer-button");
  const list = byId("conversations");
  const dialog = byId("ask");
  const CLOSED = "gongwen-drawer-closed";
  const narrow = window.matchMedia("(max-width: 1099px)");

  function setOpen(open, { keep = false } = {}) {
    drawer.classList.toggle("open", open);
    document.body.classList.toggle("drawer-open", open);
    drawer.inert = !open;
    button.setAttribute("aria-expanded", String(open));
    if (keep && !narrow.matches) localStorage.setItem(CLOSED, open ? "" : "yes");
  }

  const startOpen = () => setOpen(!narrow.matches && !localStorage.getItem(CLOSED));
  narrow.addEventListener("change", startOpen);
  startOpen();

  function closeNarrow() {
    if (narrow.matches) setOpen(false);
  }

  button.addEventListener("click", () => {
    setOpen(!drawer.classList.contains("open"), { keep: true });
    if (narrow.matches && drawer.classList.contains("open")) byId("new").focus();
  });

  let asked = 0;
  async function refresh() {
    const words = byId("search").value.trim();
    const mine = ++asked;
    const response = await fetch(`/conversations?words=${encodeURIComponent(words)}`).catch(() => null);
    if (!response || !response.ok || mine !== asked) return; // the list stays as it was
    list.innerHTML = await response.text();
    mark();
  }

  function mark() {
    const current = window.gongwen.conversation() || new URLSearchParams(location.search).get("c");
    list.querySelectorAll(".kept").forEach((item) => {
      const link = item.querySelector("a");
      if (item.dataset.id === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  }

  let typing = 0;
  byId("search").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(refresh, 150);
  });
  document.addEventListener("gongwen:conversation", mark);
  document.addEventListener("gongwen:answered", refresh);

  byId("new").addEventListener("click", () => {
    window.gongwen.show("");
    closeNarrow();
    window.gongwen.focusBox();
  });

  // Resolves to the title that was given, to true for a yes, to null for a no.
  function asks(words, yes, title) {
    const input = byId("ask-title");
    byId("ask-words").textContent = words;
    byId("ask-yes").textContent = yes;
    byId("ask-yes").classList.toggle("danger", title === null);
    dialog.querySelector(".form-error").textContent = "";
    input.hidden = title === null;
    input.required = title !== null;
    input.value = title || "";
    dialog.returnValue = "";
    dialog.showModal();
    if (title === null) byId("ask-no").focus();
    else input.select();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        resolve(dialog.returnValue !== "yes" ? null : title === null ? true : input.value.trim() || null);
      }, { once: true });
    });
  }
  byId("ask-yes").value = "yes";
  byId("ask-no").addEventListener("click", () => dialog.close());

  async function change(item, method, path, body) {
    const response = await fetch(`/conversations/${encodeURIComponent(item.dataset.id)}${path}`, {
      method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body),
    });
    if (!response.ok && response.status !== 404) throw new Error(String(response.status));
    await refresh();
  }

  async function rename(item) {
    const title = await asks(dialog.dataset.rename, dialog.dataset.save, item.dataset.title);
    if (title) await change(item, "PUT", "/title", { title });
  }

  async function remove(item) {
    const words = dialog.dataset.deleteSure.replace("{}", item.dataset.title);
    if (!(await asks(words, dialog.dataset.delete, null))) return;
    await change(item, "DELETE", "");
    if (item.dataset.id === window.gongwen.conversation()) window.gongwen.show("");
  }

  function complain() {
    const failed = document.querySelector(".head").dataset.failed;
    const note = document.createElement("p");
    note.className = "form-error";
    note.setAttribute("role", "alert");
    list.prepend(note);
    note.textContent = failed;
  }

  list.addEventListener("click", (event) => {
    const item = event.target.closest(".kept");
    if (!item) return;
    const menu = item.querySelector(".menu");
    if (event.target.closest(".rename")) { menu.open = false; rename(item).catch(complain); }
    else if (event.target.closest(".delete")) { menu.open = false; remove(item).catch(complain); }
    else if (event.target.closest(".menu a")) menu.open = false;
    else if (event.target.closest("a") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      window.gongwen.show(item.dataset.id);
      closeNarrow();
    }
  });

  document.addEventListener("click", (event) => {
    document.querySelectorAll(".menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    if (narrow.matches && drawer.classList.contains("open") && !event.target.closest("#drawer, #drawer-button, dialog")) setOpen(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || dialog.open) return;
    const menu = document.querySelector(".menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    else if (narrow.matches && drawer.classList.contains("open")) { setOpen(false); button.focus(); }
  });
  mark();
})();
