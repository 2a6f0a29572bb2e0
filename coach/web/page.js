// What the page itself does: send forms to the server, keep the focus and the newest question in view, open and close
// dialogs. What the browser keeps is in memory.js, what stands there until the coach answers in waiting.js.
(() => {
  "use strict";

  // Gradio takes its language from the browser and writes it into <html lang>; this page begins in Dutch.
  Object.defineProperty(navigator, "language", { get: () => "nl" });
  Object.defineProperty(navigator, "languages", { get: () => ["nl"] });

  const RUN = "/gradio_api/run/";
  const QUESTION = '.turn.is-last:not([data-move="close"], [data-move="safety"]) .coach > p:last-of-type';
  let pending = null; // {event, form, turns, draft, attempt}: what was sent and is not yet answered
  let attempts = 0;
  let shown = ""; // which turn and what under it was last brought into view

  const find = (selector) => document.querySelector(selector);
  const countTurns = () => document.querySelectorAll(".log .turn").length;

  // A request that fails has to be said in Dutch, next to the text that is still there. Gradio is told that the server
  // refused: after a lost connection it would load the page anew, and the text would be gone.
  const plainFetch = window.fetch;
  window.fetch = async (resource, options) => {
    const url = String(resource instanceof Request ? resource.url : resource);
    if (!url.includes(RUN)) return plainFetch(resource, options);
    // What is sent carries the key of this browser, which a page of another site does not know (guard.py).
    const headers = new Headers(options && options.headers);
    headers.set("X-Reflectie", formKey);
    try {
      const response = await plainFetch(resource, { ...options, headers });
      if (!response.ok) fail(response.status);
      return response;
    } catch {
      fail();
      return new Response('{"error": null}', { status: 503, headers: { "Content-Type": "application/json" } });
    }
  };

  function say(text) {
    const notice = find("#melding");
    if (notice) notice.textContent = text;
  }

  function fail(status) {
    const notice = find("#melding");
    if (!notice) return;
    say(notice.dataset[`status${status}`] || notice.dataset.offline);
    refused(notice);
  }

  function finish(focused) {
    if (pending) setBusy(pending.form, false);
    pending = null;
    waiting.clear();
    if (focused) focused.focus({ preventScroll: true });
  }

  function setBusy(form, busy) {
    form.toggleAttribute("data-busy", busy);
    const button = form.querySelector("[data-sending]");
    if (!button) return;
    button.dataset.idle ||= button.textContent;
    button.textContent = busy ? button.dataset.sending : button.dataset.idle;
  }

  function send(form, submitter, trigger) {
    if (pending) return;
    say("");
    const data = { language: document.documentElement.lang, ...Object.fromEntries(new FormData(form)) };
    if (submitter && submitter.name) data[submitter.name] = submitter.value;
    data.attempt = String(++attempts);
    const event = form.dataset.event;
    // Which question this answers: in another window the conversation may have gone on.
    if (event === "reply") data.seen = countTurns();
    if (event === "begin") Object.assign(data, memory.told(), wayIn(form));
    pending = { event, form, turns: countTurns(), draft: "", attempt: data.attempt, language: data.language };
    if (event === "reply") leave(data);
    const dialog = form.closest("dialog");
    if (dialog) dialog.close();
    // Shown only when the answer takes longer than a blink.
    const sent = pending;
    setTimeout(() => pending === sent && linger(form), 250);
    trigger(pending.event, data);
  }

  // What is sent stands in the conversation at once and leaves the box; a button leaves what stands there.
  function leave(data) {
    const box = find("#antwoord");
    if (!("instead" in data)) {
      pending.draft = data.text;
      box.value = "";
      grow(box);
    }
    const said = data.instead || data.text;
    if (said.trim()) waiting.show(said);
  }

  // Back in the box, before what was typed meanwhile; the box may be made anew, with other choices above it.
  function giveBack(draft) {
    if (!draft) return;
    afterFrames(2, () => {
      const box = find("#antwoord");
      if (!box) return;
      box.value = box.value ? `${draft}\n${box.value}` : draft;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus({ preventScroll: true });
    });
  }

  function linger(form) {
    setBusy(form, true);
    waiting.tell();
  }

  // Called after every change of a part of the page: is what was sent answered, and where should the focus go?
  function settle() {
    speak();
    remember();
    keepNewestInView();
    if (!pending) return;
    const notice = find("#melding");
    if (notice && notice.textContent.trim()) return refused(notice);
    // The turns that came are of another window; the notice that says so follows.
    if (find(".protocol[data-moved]")?.dataset.moved === pending.attempt) return;
    const box = find("#antwoord");
    if (pending.event === "begin" && box) return finish(box);
    if (pending.event === "reply" && countTurns() > pending.turns) return answered(box);
    if (pending.event === "amend") return amended(pending.form.elements.step.value);
    const start = find("#start-kop");
    if (pending.event === "language" && document.documentElement.lang !== pending.language) return;
    if (pending.event !== "begin" && start) {
      finish(start);
      window.scrollTo({ top: 0, behavior: "instant" });
    }
  }

  // The header and the help panel stand there in every language; the one of the screen is shown.
  function speak() {
    const said = find("[data-language]");
    if (!said || document.documentElement.lang === said.dataset.language) return;
    document.documentElement.lang = said.dataset.language;
    document.title = said.dataset.title;
  }

  function remember() {
    const said = find("[data-memory]");
    if (said && said.dataset.memory) memory.keep(JSON.parse(said.dataset.memory));
  }

  function wayIn(form) {
    const chosen = form.querySelector(".ways-in :checked");
    return chosen ? { protocol: chosen.value } : {};
  }

  function chooseWayIn(chosen) {
    for (const other of chosen.closest(".ways-in").querySelectorAll(":checked")) other.checked = other === chosen;
    markPicked();
  }

  // A closed disclosure of the start screen says what was chosen in it.
  function markPicked() {
    for (const group of document.querySelectorAll(".group")) {
      const chosen = group.querySelector(":checked");
      const name = chosen ? chosen.closest(".choice").querySelector(".name").textContent : "";
      group.querySelector(".picked").textContent = name && `(${name})`;
    }
  }

  function forget(button) {
    memory.forget();
    find("#vergeten").textContent = button.dataset.forget;
  }

  function refused(notice) {
    giveBack(pending ? pending.draft : "");
    finish(find("#antwoord"));
    const composer = find(".composer");
    if (composer) composer.scrollIntoView({ block: "nearest", behavior: "instant" });
    notice.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  function answered(box) {
    const ended = find('.turn.is-last[data-move="close"]');
    if (ended) return find("#blad") && finish(find("#blad"));
    if (box) finish(box);
  }

  // Back to where the sentence was changed; when that led to a safety text, to the newest turn.
  function amended(step) {
    const grown = countTurns() > pending.turns;
    finish(null);
    afterFrames(2, () => {
      const box = grown ? null : find(`.amend[data-step="${step}"]`);
      if (box) box.open = false;
      const place = (box && box.querySelector("summary")) || (grown && find("#antwoord")) || find("#blad");
      if (place) place.focus({ preventScroll: !grown });
    });
  }

  // The newest turn, and if there is room what stands under it too; the question goes first. Of a turn that does not fit,
  // such as one with all sentences so far, the beginning is above the screen.
  function keepNewestInView() {
    const last = find(".turn.is-last");
    const below = find(".sheet") || find(".composer") || find("#blad");
    if (!last || !below) return;
    const state = `${countTurns()} ${below.className}`;
    if (state === shown) return;
    shown = state;
    // Two frames: the other parts of the page change right after this one.
    afterFrames(2, () => {
      below.scrollIntoView({ block: "end", behavior: "instant" });
      if (!isCovered(last)) return;
      last.scrollIntoView({ block: "start", behavior: "instant" });
      const question = find(QUESTION);
      if (!question || question.getBoundingClientRect().bottom <= window.innerHeight) return;
      below.scrollIntoView({ block: "end", behavior: "instant" });
      if (isCovered(question)) question.scrollIntoView({ block: "start", behavior: "instant" });
    });
  }

  function isCovered(element) {
    return element.getBoundingClientRect().top < find(".top").getBoundingClientRect().bottom;
  }

  function backToQuestion(event) {
    event.preventDefault();
    const question = find(QUESTION) || find(".turn.is-last");
    question.tabIndex = -1;
    question.scrollIntoView({ block: "center", behavior: "instant" });
    question.focus({ preventScroll: true });
  }

  function afterFrames(count, action) {
    requestAnimationFrame(() => (count > 1 ? afterFrames(count - 1, action) : action()));
  }

  function grow(box) {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
  }

  document.addEventListener("input", (event) => {
    if (event.target.id === "antwoord") grow(event.target);
  });

  document.addEventListener("change", (event) => {
    if (event.target.closest(".ways-in")) chooseWayIn(event.target);
  });

  document.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (event.target.id !== "antwoord" || !sends) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
    if (event.target.matches("dialog")) event.target.close(); // a click beside the panel
    if (event.target.closest(".skip")) skip(event);
    if (event.target.closest(".to-question")) backToQuestion(event);
    const forgets = event.target.closest("[data-forget]");
    if (forgets) forget(forgets);
  });

  function skip(event) {
    event.preventDefault();
    const target = find("#antwoord") || find("#blad") || find("#start-kop") || find("#inhoud");
    if (target) target.focus();
  }

  // Gradio calls this for every part of the page when it is put in place.
  window.reflectie = {
    connect(element, trigger, watch) {
      element.addEventListener("submit", (event) => {
        event.preventDefault();
        send(event.target, event.submitter, trigger);
      });
      watch("value", settle);
      settle();
    },
  };
})();
