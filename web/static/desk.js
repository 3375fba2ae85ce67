// The corpus desk: files are sent one by one, the update is followed, and what it changed is shown.
(() => {
  document.documentElement.classList.add("js");
  const POLL = 700; // ms
  const update = document.getElementById("update");
  const drop = document.getElementById("drop");
  let awaited = 0; // the number of the update that this page waits for

  // What was done is told once, not again when the page is loaded anew.
  const address = new URL(location.href);
  if (address.searchParams.has("done")) {
    address.searchParams.delete("done");
    address.searchParams.delete("name");
    history.replaceState(null, "", address);
  }

  // --- the update ---

  function show(state) {
    update.className = `update ${state.step}${update.classList.contains("quiet") ? " quiet" : ""}`;
    const line = update.querySelector(".line");
    if (line.textContent !== state.line) line.textContent = state.line; // a screen reader tells each step once
    update.querySelector(".count").textContent = state.count;
    update.querySelector(".progress > span").style.width = state.total ? `${(100 * state.done) / state.total}%` : "4%";
    const why = update.querySelector(".why");
    why.hidden = !state.message;
    why.querySelector("pre").textContent = state.message;
  }

  async function follow() {
    let state;
    try {
      state = await (await fetch("/desk/progress", { headers: { Accept: "application/json" } })).json();
    } catch {
      setTimeout(follow, 4 * POLL); // the server is away for a moment
      return;
    }
    show(state);
    if (state.running || state.number < awaited) setTimeout(follow, POLL);
    else await refresh();
  }

  // What the update changed is taken from the page as it is now; what a person types elsewhere stays.
  async function refresh() {
    const live = document.getElementById("live");
    if (!live) return;
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
    if (answer.ok && fresh) live.replaceWith(fresh);
  }

  if (update && update.dataset.running === "true") follow();

  // --- files ---

  if (!drop) return;
  const words = JSON.parse(drop.dataset.words);
  const input = document.getElementById("files");
  const list = document.getElementById("arrivals");
  const folder = document.getElementById("folder"); // there where the corpus has folders
  const waiting = [];
  let sending = false;

  function element(tag, name, text = "") {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  }

  function put(files) {
    for (const file of files) {
      const row = element("li", "sending");
      const bar = element("div", "progress");
      bar.append(document.createElement("span"));
      row.append(element("span", "name", file.name), element("span", "asked"), bar, element("p", "message", words.sending));
      row.dataset.folder = folder ? folder.value : "";
      list.append(row);
      if (file.size > drop.dataset.limit * 2 ** 20) told(row, { outcome: "refused", message: drop.dataset.tooLarge });
      else waiting.push({ file, row });
    }
    next();
  }

  function next() {
    if (sending || !waiting.length) return;
    sending = true;
    const { file, row } = waiting.shift();
    const form = new FormData();
    form.append("files", file, file.name);
    form.append("folder", row.dataset.folder);
    send("/desk/files", form, row);
  }

  function send(address, form, row) {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) row.querySelector(".progress > span").style.width = `${(100 * event.loaded) / event.total}%`;
    });
    request.addEventListener("loadend", () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* no answer of the desk's */ }
      if (answer && answer.files) {
        told(row, answer.files[0]);
        awaited = Math.max(awaited, answer.number);
      } else told(row, { outcome: "refused", message: (answer && answer.message) || words.lost });
      sending = false;
      if (waiting.length) next();
      else follow();
    });
    request.send(form);
  }

  function told(row, arrival) {
    row.className = arrival.outcome;
    row.querySelector(".progress").hidden = true;
    row.querySelector(".message").textContent = arrival.message;
    const asked = row.querySelector(".asked");
    asked.replaceChildren();
    if (arrival.outcome !== "exists") return;
    for (const [text, replace] of [[drop.dataset.replace, "1"], [drop.dataset.keep, ""]]) {
      const button = element("button", "button", text);
      button.type = "button";
      button.addEventListener("click", () => {
        const form = new FormData();
        form.append("token", arrival.token);
        form.append("replace", replace);
        send("/desk/staged", form, row);
      });
      asked.append(button, " ");
    }
  }

  input.addEventListener("change", () => {
    put([...input.files]);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault(); // also beside the sheet: the browser would open the file
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) put([...event.dataTransfer.files]);
  });
})();
