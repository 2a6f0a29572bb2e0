// What the plain pages do beside their forms: open and close dialogs, walk with j and k, take over a selection, and
// change a draft without losing one's place. Without this script every form still works.
(() => {
  "use strict";

  const find = (selector) => document.querySelector(selector);

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
    if (event.target.matches("dialog")) event.target.close(); // a click beside the panel
  });

  // Only while the focus is in a list or a transcript, so that no key is taken from anybody elsewhere.
  document.addEventListener("keydown", (event) => {
    const area = event.target.closest("[data-walk-area]");
    const step = { j: 1, k: -1 }[event.key];
    if (!area || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    const items = [...area.querySelectorAll("[data-walk]")];
    const here = items.indexOf(event.target.closest("[data-walk]"));
    const next = items[Math.min(Math.max(here + step, 0), items.length - 1)];
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest", behavior: "instant" });
  });

  // Whole words only: half a word selected means the word.
  const isWord = (letter) => letter !== undefined && /[\p{L}\p{N}_'’-]/u.test(letter);

  function selectedWords() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const message = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".draft .said.student .text");
    const [first, last] = [message(range.startContainer), message(range.endContainer)];
    if (!first && !last) return null;
    if (first !== last) return { wrong: true };
    let [start, end] = [range.startOffset, range.endOffset];
    if (range.startContainer.nodeType === Node.TEXT_NODE) {
      const text = range.startContainer.data;
      while (start > 0 && isWord(text[start - 1]) && isWord(text[start])) start -= 1;
    }
    if (range.endContainer.nodeType === Node.TEXT_NODE) {
      const text = range.endContainer.data;
      while (end < text.length && isWord(text[end]) && isWord(text[end - 1])) end += 1;
    }
    const whole = document.createRange();
    whole.setStart(range.startContainer, start);
    whole.setEnd(range.endContainer, end);
    return { text: whole.toString().replace(/\s+/g, " ").trim() };
  }

  document.addEventListener("selectionchange", () => {
    const box = find("[data-selection]");
    const found = box && document.activeElement !== box && selectedWords();
    if (!found) return;
    if (found.wrong) find("#melding").textContent = box.dataset.oneMessage;
    else box.value = found.text;
  });

  // A draft is changed in place, so that the reader stays where they were; releasing loads a page of its own.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const wish = event.submitter ? event.submitter.value : "";
    if (!form.matches("[data-swap]") || ["release", "back"].includes(wish)) return;
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const response = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("main");
      if (!fresh) throw new Error("no page");
      const place = scrollY;
      find("main").replaceWith(document.importNode(fresh, true));
      scrollTo({ top: place, behavior: "instant" });
      find("#melding").focus({ preventScroll: true });
    } catch {
      form.removeAttribute("data-swap");
      form.requestSubmit(event.submitter);
    }
  });
})();
