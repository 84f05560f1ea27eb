// A field with data-suggest offers names as one types; without it the whole name is typed. What is chosen is plain text.
(() => {
  "use strict";
  const LEAST = 2, PAUSE = 200;
  for (const field of document.querySelectorAll("input[data-suggest]")) {
    const list = document.createElement("datalist");
    list.id = `${field.id}-suggested`;
    field.after(list);
    field.setAttribute("list", list.id);
    let waiting = 0, asked = "";
    const offer = async () => {
      const typed = field.value.trim();
      if (typed.length < LEAST || typed === asked) return;
      asked = typed;
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`, { redirect: "error" }).catch(() => null);
      if (!answer?.ok || typed !== asked) return;
      const { names } = await answer.json();
      list.replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: name })));
    };
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(offer, PAUSE);
    });
  }
})();
