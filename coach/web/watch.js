// The live warning: what in the text looks like a name, a number or an address, with a role to put in its place.
// The server says so with the function that masks; without its answer a few patterns here do. Sending is never held up.
(() => {
  "use strict";

  const PAUSE_MS = 600; // after the last key, before the server is asked
  const SAY_MS = 1200; // and before a screen reader hears of it
  const states = new WeakMap(); // text box → {timer, voice, checked, found, kept, shown}

  function stateOf(box) {
    if (!states.has(box)) states.set(box, { checked: "", found: [], kept: new Set(), shown: "" });
    return states.get(box);
  }

  const panelOf = (box) => box.form && box.form.querySelector(".watch");
  const wordsOf = (panel) => JSON.parse(panel.dataset.words);
  const fill = (line, gaps) => line.replace(/\{(\w+)\}/g, (gap, name) => (name in gaps ? gaps[name] : gap));

  // Only while the server gives no answer.
  const PATTERNS = [
    ["email", /[^\s@<>()[\]{},;:"']{1,64}@(?:[^\s@<>()[\]{},;:"'./]{1,63}\.){1,8}\p{L}{2,24}/gu],
    ["phone", /(?<![\d+])(?:(?:\+|00)[ .-]?31[ .-]?(?:\(0\)|0)?(?:[ .-]?\d){9}|0[1-9](?:[ .-]{0,3}\d){8}|\(0\d{2,3}\)(?:[ .-]?\d){6,7})(?!\d)/g],
    ["bsn", /(?<!\d)\d{9}(?!\d)/g],
    ["postcode", /(?<![\p{L}\d])[1-9]\d{3} ?[A-Z]{2}(?![\p{L}\d])/gu],
  ];

  function passesElevenTest(digits) {
    const sum = [...digits].reduce((total, digit, place) => total + Number(digit) * (place < 8 ? 9 - place : -1), 0);
    return sum > 0 && sum % 11 === 0;
  }

  function matchPatterns(text, labels) {
    const found = [];
    for (const [type, pattern] of PATTERNS) {
      for (const match of text.matchAll(pattern)) {
        if (type === "bsn" && !passesElevenTest(match[0])) continue;
        const [start, end] = [match.index, match.index + match[0].length];
        if (found.every((other) => end <= other.start || start >= other.end)) found.push({ start, end, type, label: labels[type] });
      }
    }
    return found.sort((one, other) => one.start - other.start);
  }

  async function ask(text, words) {
    try {
      const options = { method: "POST", headers: { "Content-Type": "application/json", "X-Reflectie": formKey } };
      const answer = await fetch("/let-op", { ...options, body: JSON.stringify({ text, language: document.documentElement.lang }) });
      if (answer.ok) return (await answer.json()).found;
    } catch {
      // The patterns are there for this.
    }
    return matchPatterns(text, words.labels);
  }

  async function check(box) {
    const state = stateOf(box);
    const panel = panelOf(box);
    const text = box.value;
    if (!panel || text === state.checked) return;
    const found = text.trim() ? await ask(text, wordsOf(panel)) : [];
    // Meanwhile something else was typed, or sent: then that is what counts.
    if (box.value !== text) return;
    state.checked = text;
    state.found = found.map((one) => ({ ...one, text: text.slice(one.start, one.end) }));
    show(box);
  }

  function show(box) {
    const state = stateOf(box);
    const panel = panelOf(box);
    if (!panel) return;
    const open = state.found.filter((one) => !state.kept.has(one.text.toLowerCase()));
    const first = open[0];
    const shown = first ? `${first.type} ${first.text} ${open.length}` : "";
    if (shown === state.shown) return;
    state.shown = shown;
    const place = panel.querySelector(".found");
    place.hidden = !first;
    place.replaceChildren(...(first ? warning(box, first, open.length, wordsOf(panel)) : []));
    if (first) keepInView(box);
    speakOf(box, first);
  }

  // On a phone the space for the warning can be below the screen; while somebody types it is brought into view, so that
  // nothing has to move when there is something to warn about.
  function keepInView(box) {
    const panel = panelOf(box);
    const header = document.querySelector(".top");
    const covered = header ? header.getBoundingClientRect().bottom : 0;
    const height = panel.getBoundingClientRect().bottom - box.getBoundingClientRect().top;
    if (height < window.innerHeight - covered - 40) panel.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  // Said once a pause is long enough, and only what is new.
  function speakOf(box, first) {
    const state = stateOf(box);
    clearTimeout(state.voice);
    const panel = panelOf(box);
    const status = panel.querySelector("[role=status]");
    if (!first) return void (status.textContent = "");
    const words = wordsOf(panel);
    state.voice = setTimeout(() => {
      status.textContent = fill(words.said, { text: first.text, kind: words.kinds[first.type] || words.other });
    }, SAY_MS);
  }

  function warning(box, first, total, words) {
    const said = document.createElement("p");
    said.textContent = fill(words.found, { text: first.text, kind: words.kinds[first.type] || words.other });
    const by = document.createElement("span");
    by.textContent = total > 1 ? ` (${fill(words.count, { number: 1, total })}) ${words.by}` : ` ${words.by}`;
    said.append(by);
    const roles = words.role_types.includes(first.type) ? [...words.roles, first.label] : [first.label];
    const swaps = [...new Set(roles)].map((role) => {
      const button = choice(role, () => swap(box, first, role, words));
      button.setAttribute("aria-label", fill(words.swap, { text: first.text, role }));
      return button;
    });
    const keep = choice(words.keep, () => leave(box, first));
    keep.classList.add("quiet");
    const buttons = document.createElement("div");
    buttons.className = "swaps";
    buttons.append(...swaps, keep);
    return [said, buttons];
  }

  function choice(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }

  // What goes and what is put for one name: its title goes with it, and a role that stands before it is enough.
  function planned(text, one, role, words) {
    const plain = { start: one.start, end: one.end, put: role };
    if (role.startsWith("[") || !("lead" in one)) return capital(text, plain);
    if (one.before === "called") return { ...plain, put: "…" };
    const told = one.before === "role";
    if (!told && !one.owns) return capital(text, { ...plain, start: one.lead });
    if (!one.owns) return { start: one.kept, end: one.end, put: "" };
    return capital(text, owned(text, one, told ? lowered(text, one.lead, one.kept) : role, words));
  }

  // "Fatima's jas" becomes "de jas van een collega", in English "a colleague's coat".
  function owned(text, one, owner, words) {
    if (!words.of) return { start: one.lead, end: one.end, put: `${owner}'s` };
    const thing = new RegExp(`^ +((?:(?:${words.of_adjectives.join("|")}) )?([\\p{L}-]+))`, "u").exec(text.slice(one.end));
    if (!thing) return { start: one.lead, end: one.end, put: owner };
    const neuter = words.of_het.includes(thing[2].toLowerCase()) || /(je|tje)$/.test(thing[2]);
    const put = `${neuter ? "het" : "de"} ${thing[1]} ${words.of} ${owner}`;
    return { start: one.lead, end: one.end + thing[0].length, put };
  }

  const capital = (text, plan) =>
    startsSentence(text.slice(0, plan.start)) ? { ...plan, put: plan.put[0].toUpperCase() + plan.put.slice(1) } : plan;
  const lowered = (text, start, end) =>
    startsSentence(text.slice(0, start)) ? text[start].toLowerCase() + text.slice(start + 1, end) : text.slice(start, end);

  // Who has the same label is the same person: "Anne Brown" and "anne".
  const isSame = (one, other) =>
    one.text.toLowerCase() === other.text.toLowerCase() || ("lead" in one && "lead" in other && one.label === other.label);

  // Puts the role wherever the same words stand, in a way that the browser can undo, and gives the text box back.
  function swap(box, first, role, words) {
    const state = stateOf(box);
    const same = state.found.filter((one) => isSame(one, first));
    if (same.some((one) => box.value.slice(one.start, one.end) !== one.text)) return void check(box);
    let caret = box.selectionEnd;
    box.focus({ preventScroll: true });
    for (const one of same.reverse()) {
      const { start, end, put } = planned(box.value, one, role, words);
      box.setSelectionRange(start, end);
      const done = put ? document.execCommand("insertText", false, put) : document.execCommand("delete");
      if (!done) box.setRangeText(put, start, end, "end");
      caret = caret >= end ? caret + put.length - (end - start) : Math.min(caret, start + put.length);
    }
    box.setSelectionRange(caret, caret);
    settle(box, fill(words.swapped, { role }));
  }

  const startsSentence = (before) => /(^|[.!?]\s+|\n\s*)["“'‘]?$/.test(before);

  function leave(box, first) {
    stateOf(box).kept.add(first.text.toLowerCase());
    box.focus({ preventScroll: true });
    show(box);
  }

  function settle(box, said) {
    const state = stateOf(box);
    state.found = [];
    show(box);
    panelOf(box).querySelector("[role=status]").textContent = said;
    clearTimeout(state.timer);
    check(box);
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches("textarea[data-watch]") || !panelOf(event.target)) return;
    keepInView(event.target);
    const state = stateOf(event.target);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => check(event.target), PAUSE_MS);
  });

  // What is sent is the server's to mask; the warning goes with it. A button that leaves the text leaves the warning.
  document.addEventListener("submit", (event) => {
    const box = event.target.querySelector("textarea[data-watch]");
    if (!box || (event.submitter && event.submitter.name === "instead")) return;
    const state = stateOf(box);
    clearTimeout(state.timer);
    state.checked = "";
    state.found = [];
    show(box);
  }, true);
})();
