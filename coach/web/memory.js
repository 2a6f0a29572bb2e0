// What the browser keeps of conversations: ids of wordings said, oldest first, and how often each protocol was finished.
// No word of a student. "Vergeet dat" removes it.
const memory = (() => {
  "use strict";

  const KEY = "reflectie";
  const WORDINGS_MAX = 1000;
  const PRACTISED_MIN = 3;

  function read() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY)) || {};
      return {
        wordings: Array.isArray(kept.wordings) ? kept.wordings : [],
        finished: kept.finished && typeof kept.finished === "object" ? kept.finished : {},
        counted: typeof kept.counted === "string" ? kept.counted : "",
      };
    } catch {
      return { wordings: [], finished: {}, counted: "" };
    }
  }

  function write(kept) {
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing gets the same page; its questions may return sooner.
    }
  }

  return {
    // `said`: {session, finished, wordings} of the conversation on the page, as written by the server.
    keep(said) {
      const kept = read();
      kept.wordings = [...kept.wordings.filter((id) => !said.wordings.includes(id)), ...said.wordings].slice(-WORDINGS_MAX);
      // A finished conversation stays on the page after a reload: it counts once.
      if (said.finished && kept.counted !== said.session) {
        kept.finished[said.finished] = (kept.finished[said.finished] || 0) + 1;
        kept.counted = said.session;
      }
      write(kept);
    },
    forget() {
      try {
        localStorage.removeItem(KEY);
      } catch {
        // Nothing was kept.
      }
    },
    // What goes along when a conversation begins.
    told() {
      const kept = read();
      return { avoid: kept.wordings, practised: Object.keys(kept.finished).filter((id) => kept.finished[id] >= PRACTISED_MIN) };
    },
  };
})();
