// What a reader folds in the navigation stays so: the server draws it from this cookie. Without a script it folds all the same.
(() => {
  "use strict";
  const NAME = "nav";
  const kept = () => {
    const found = document.cookie.split("; ").find((one) => one.startsWith(`${NAME}=`)) ?? "";
    const parts = found.slice(NAME.length + 1).split("-").filter(Boolean);
    return new Map(parts.map((part) => part.split(".")));
  };
  document.querySelectorAll("details[data-fold]").forEach((section) => {
    section.querySelector("summary").addEventListener("click", () => {
      // the click comes before the change: what is open now will be folded
      const folds = kept().set(section.dataset.fold, section.open ? "0" : "1");
      const said = [...folds].map((pair) => pair.join(".")).join("-");
      document.cookie = `${NAME}=${said}; path=/; max-age=31536000; samesite=lax`;
    });
  });
})();
