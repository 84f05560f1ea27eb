// Opens the drawer when htmx has filled it, and gives the focus back to the link that asked.
(() => {
  "use strict";
  let opener = null;

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id === "drawer") opener = event.detail.elt;
  });

  // A refusal is an answer too: it is shown in the drawer, not swallowed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "drawer" && event.detail.xhr.status >= 400) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "drawer" && !event.detail.target.open) event.detail.target.showModal();
  });

  document.addEventListener("DOMContentLoaded", () => {
    const drawer = document.getElementById("drawer");
    drawer.addEventListener("close", () => {
      drawer.replaceChildren();
      opener?.focus();
    });
    drawer.addEventListener("click", (event) => {
      if (event.target === drawer) drawer.close();
    });
    document.querySelector("main > .errors, main > div > .errors, .door > .errors")?.focus();
  });
})();
