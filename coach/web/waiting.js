// What was just sent, shown at once where it will stand; and a word in the place of the answer while that takes long.
const waiting = (() => {
  "use strict";

  const find = (selector) => document.querySelector(`.waiting ${selector}`);

  // As it was typed: what the server makes of it comes with the answer.
  function show(text) {
    const said = find(".said");
    if (!said) return;
    said.querySelector(".sent").textContent = text;
    said.hidden = false;
    said.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  function tell() {
    const reading = find(".reading");
    if (!reading || find(".said").hidden) return;
    reading.textContent = reading.parentElement.dataset.waiting;
    reading.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  function clear() {
    const said = find(".said");
    if (!said) return;
    said.hidden = true;
    said.querySelector(".sent").textContent = "";
    find(".reading").textContent = "";
  }

  return { show, tell, clear };
})();
