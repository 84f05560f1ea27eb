// Saves a draft while one types. What is typed stays on this machine until the server has confirmed it;
// a newer text of somebody else is never overwritten.
(() => {
  "use strict";
  const PAUSE = 3000; // ms of rest after the last key
  const RETRY = 15000; // ms until the next try when the server cannot be reached

  function start(form) {
    const words = form.dataset;
    const line = form.querySelector("[data-autosave-line]");
    const revision = form.elements.draft_revision;
    const key = `mangrove-draft:${words.owner}:${words.autosave}`;
    let timer = 0;
    let busy = false;
    let asked = false; // a field was left while a save was under way
    let dirty = false;
    let conflict = false;
    let signedOut = false;

    const later = (delay) => {
      clearTimeout(timer);
      timer = setTimeout(save, delay);
    };

    function say(text, bad = false) {
      line.textContent = text;
      line.classList.toggle("autosave--bad", bad);
    }

    function fields() {
      return [...new FormData(form)].filter(
        ([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "draft_revision"].includes(name),
      );
    }

    function changed() {
      dirty = true;
      localStorage.setItem(key, JSON.stringify(fields()));
      if (!conflict && !signedOut) later(PAUSE);
    }

    async function save() {
      if (busy) asked = true;
      if (!dirty || busy || conflict) return;
      busy = true;
      asked = false;
      dirty = false;
      freshToken();
      say(words.saving);
      try {
        const reply = await fetch(words.autosave, { method: "POST", body: new FormData(form) });
        await settle(reply);
      } catch {
        dirty = true;
        say(words.offline, true);
        later(RETRY);
      } finally {
        busy = false;
      }
      if (dirty && !conflict && !signedOut) later(asked ? 0 : PAUSE);
    }

    // Signing in again elsewhere gives this browser another token; the one that was drawn into the form no longer counts.
    function freshToken() {
      const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
      if (found && form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.value = found[1];
    }

    function askToSignIn() {
      signedOut = true;
      dirty = true;
      say(words.signedOut, true);
      const link = Object.assign(document.createElement("a"), {
        href: words.signIn, target: "_blank", rel: "noopener", textContent: words.signInHere,
      });
      line.append(" ", link);
    }

    async function settle(reply) {
      signedOut = false;
      if (reply.redirected && new URL(reply.url).pathname === words.signIn) return askToSignIn();
      if (reply.redirected || !(reply.headers.get("content-type") ?? "").includes("json")) throw new Error("no answer");
      const answer = await reply.json();
      if (reply.status === 409) {
        conflict = true;
        say(`${answer.message} ${words.conflict}`, true);
      } else if (reply.ok) {
        revision.value = answer.revision;
        if (!dirty) localStorage.removeItem(key);
        say([`${words.saved} ${answer.time}`, answer.note].filter(Boolean).join(" · "), Boolean(answer.note));
        form.dispatchEvent(new CustomEvent("mangrove:saved", { bubbles: true }));
      } else {
        dirty = true;
        say(answer.message, true);
      }
    }

    function button(text, act) {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", className: "button button--small", textContent: text });
      made.addEventListener("click", act);
      return made;
    }

    function offer(kept) {
      say(words.found, true);
      line.append(
        button(words.restore, () => { restore(kept); changed(); say(""); }),
        button(words.drop, () => { localStorage.removeItem(key); say(""); }),
      );
    }

    function restore(kept) {
      for (const box of form.querySelectorAll("[type=checkbox], [type=radio]")) box.checked = false;
      for (const [name, value] of kept) {
        for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) put(control, value);
      }
    }

    function put(control, value) {
      if (["checkbox", "radio"].includes(control.type)) control.checked ||= control.value === value;
      else if (control.type !== "file") control.value = value;
    }

    form.addEventListener("input", changed);
    form.addEventListener("focusout", save);
    form.addEventListener("submit", () => { clearTimeout(timer); freshToken(); dirty = false; });
    window.addEventListener("focus", () => { if (signedOut) save(); });
    window.addEventListener("online", save);
    window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

    const kept = localStorage.getItem(key);
    if (kept && kept !== JSON.stringify(fields())) offer(JSON.parse(kept));
    else if (document.getElementById("errors")) changed(); // came back with errors: not saved anywhere yet
    else localStorage.removeItem(key);
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-autosave]").forEach(start));
})();
