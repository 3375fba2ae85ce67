// A log-in that ended while the page stood open: to the log-in and back, with the question that was not sent.
(() => {
  function logIn() { // chat.js keeps the question as the page is left
    location.assign(`/login?after=ended&next=${encodeURIComponent(location.pathname + location.search)}`);
  }

  const plainFetch = window.fetch;
  window.fetch = async (...request) => {
    const response = await plainFetch(...request);
    if (response.status === 401 && new URL(response.url).origin === location.origin) logIn();
    return response;
  };
})();
