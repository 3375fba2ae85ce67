// The account page: a new key is copied by a button, and revoking asks first.
(() => {
  async function copy(field) {
    field.focus();
    field.select();
    // navigator.clipboard exists only on https and localhost; an office server is often plain http.
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(field.value);
    if (!document.execCommand("copy")) throw new Error("copy refused");
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-from]");
    if (!button) return;
    try {
      await copy(document.getElementById(button.dataset.copyFrom));
      button.textContent = button.dataset.copied;
    } catch {
      // The key stays marked, to be copied by hand.
    }
  });

  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sure && !window.confirm(event.target.dataset.sure)) event.preventDefault();
  });
})();
