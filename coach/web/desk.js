// What the plain pages do beside their forms: open and close dialogs, copy a code, walk with j and k, take over a
// selection, and change a draft without losing one's place. Without this script every form still works.
(() => {
  "use strict";

  const find = (selector) => document.querySelector(selector);

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
    if (event.target.matches("dialog")) event.target.close(); // a click beside the panel
    if (!event.target.closest("[data-unpick]")) return;
    getSelection().removeAllRanges(); // else the same words are picked again
    pick("");
  });

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue; // only over https, or on one's own machine
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = button.dataset.copied;
    });
  }

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
    // One stop for Tab, where the reader is; links keep their own.
    if (next.matches("div")) for (const item of items) item.tabIndex = item === next ? 0 : -1;
    next.focus();
    next.scrollIntoView({ block: "nearest", behavior: "instant" });
  });

  // Whole words only: half a word selected means the word.
  const isWord = (letter) => letter !== undefined && /[\p{L}\p{N}_'’-]/u.test(letter);

  function selectedWords() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const message = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-select-from] .said.student .text");
    const [first, last] = [message(range.startContainer), message(range.endContainer)];
    if (!first && !last) return null;
    // Three clicks select a paragraph up to where the next thing begins.
    const spills = first && first !== last && range.endOffset === 0;
    if (first !== last && !spills) return { wrong: true };
    let [start, end] = [range.startOffset, range.endOffset];
    if (range.startContainer.nodeType === Node.TEXT_NODE) {
      const text = range.startContainer.data;
      while (start > 0 && isWord(text[start - 1]) && isWord(text[start])) start -= 1;
    }
    if (!spills && range.endContainer.nodeType === Node.TEXT_NODE) {
      const text = range.endContainer.data;
      while (end < text.length && isWord(text[end]) && isWord(text[end - 1])) end += 1;
    }
    const whole = document.createRange();
    whole.setStart(range.startContainer, start);
    if (spills) whole.setEnd(first, first.childNodes.length);
    else whole.setEnd(range.endContainer, end);
    const words = whole.cloneContents();
    for (const end of words.querySelectorAll("p, br")) end.after(" ");
    return { text: words.textContent.replace(/\s+/g, " ").trim() };
  }

  // The words stand in the box and, for whoever is far below it, in a bar at the bottom of the window.
  function pick(words, { wrong = false } = {}) {
    const [box, bar] = [find("[data-selection]"), find("[data-picked]")];
    if (!wrong) box.value = words;
    bar.hidden = !words;
    bar.querySelector("[data-picked-words]").textContent = wrong ? words : `“${words}”`;
    bar.querySelector("[name=do]").hidden = wrong;
  }

  // On the page of two readers: the sentence for the point that was touched last.
  let point = null;
  document.addEventListener("focusin", (event) => {
    point = event.target.closest("[data-sentence]") || point;
  });

  document.addEventListener("selectionchange", () => {
    const box = find("[data-selection]") || (point && point.querySelector("textarea"));
    const found = box && document.activeElement !== box && selectedWords();
    if (!found) return;
    if (!point) pick(found.wrong ? box.dataset.oneMessage : found.text, found);
    else if (!found.wrong) {
      box.value = found.text;
      point.querySelector("[value=visible]").checked = true;
    }
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
      const place = () => find(".leaf").getBoundingClientRect().top;
      const before = place();
      find("main").replaceWith(document.importNode(fresh, true));
      scrollBy({ top: place() - before, behavior: "instant" }); // what stands above it got longer or shorter
      const said = find("#melding");
      said.focus({ preventScroll: !said.classList.contains("notice") });
    } catch {
      form.removeAttribute("data-swap");
      form.requestSubmit(event.submitter);
    }
  });
})();
