"use strict";
(() => {
  const tip = document.getElementById("tip");
  const root = document.documentElement;
  const kinds = ["party", "weapon", "quantity", "date", "place"];
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const words = (element, name) => (element.dataset[name] || "").split(" ").filter(Boolean);
  let shownFor = null;
  let leaving = 0;

  // What hover and focus show of a mention: its card, and those of the mentions that overlap it.
  function show(segment) {
    clearTimeout(leaving);
    if (shownFor === segment) return;
    shownFor = segment;
    tip.replaceChildren(...words(segment, "m").map((id) => {
      const card = document.getElementById(id).cloneNode(true);
      card.removeAttribute("id");
      return card;
    }));
    tip.hidden = false;
    const at = segment.getClientRects()[0];
    const width = root.clientWidth, height = root.clientHeight;
    const x = Math.max(8, Math.min(at.left, width - tip.offsetWidth - 8));
    const below = at.bottom + 6;
    const above = at.top - tip.offsetHeight - 14;
    const y = below + tip.offsetHeight > height && above > 0 ? above : below;
    tip.style.left = x + "px";
    tip.style.top = y + "px";
  }
  function hide() {
    clearTimeout(leaving);
    shownFor = null;
    tip.hidden = true;
  }
  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      const focused = document.activeElement;
      if (focused && focused.matches && focused.matches("a.m:focus-visible")) show(focused); else hide();
    }, 250); // time to move the pointer onto what is shown (WCAG 1.4.13)
  }
  document.addEventListener("pointerover", (event) => {
    const segment = event.target.closest && event.target.closest(".m[data-m]");
    if (segment) show(segment);
    else if (tip.contains(event.target)) clearTimeout(leaving);
    else if (shownFor) leave();
  });
  document.addEventListener("focusin", (event) => {
    const segment = event.target.closest("a.m[data-m]");
    if (segment) show(segment); else hide();
  });
  document.addEventListener("focusout", leave);
  document.addEventListener("scroll", (event) => {
    if (event.target !== tip && shownFor && document.activeElement !== shownFor) hide();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });

  // Evidence: the claim's sentence, and beside each mention that it rests on, the part it plays.
  function light(id) {
    all(".lit").forEach((element) => element.classList.remove("lit"));
    all(".played").forEach((element) => { element.classList.remove("played"); delete element.dataset.role; });
    all("button.show").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.claim === id)));
    if (!id) return;
    const card = document.getElementById(id);
    if (card) card.classList.add("lit");
    const pieces = all("[data-c]").filter((piece) => words(piece, "c").includes(id));
    pieces.forEach((piece) => piece.classList.add("lit"));
    for (const one of all(".card[data-roles]")) {
      const roles = one.dataset.roles.split(";").map((pair) => pair.split("=")).filter((pair) => pair[0] === id);
      if (!roles.length) continue;
      const mine = all(".m[data-m]").filter((piece) => words(piece, "m").includes(one.id));
      mine.forEach((piece) => piece.classList.add("played"));
      const last = mine[mine.length - 1];
      if (last) last.dataset.role = [last.dataset.role, ...roles.map((pair) => pair[1])].filter(Boolean).join(", ");
    }
    if (pieces.length) {
      const details = pieces[0].closest("details");
      if (details) details.open = true;
      pieces[0].scrollIntoView({ block: "center" });
    }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.show");
    if (button) {
      light(button.getAttribute("aria-pressed") === "true" ? null : button.dataset.claim);
      return;
    }
    const mark = event.target.closest("a.claim-mark");
    if (mark) {
      event.preventDefault();
      const id = mark.getAttribute("href").slice(1);
      light(id);
      const card = document.getElementById(id);
      card.focus({ preventScroll: true });
      card.scrollIntoView({ block: "nearest" });
      return;
    }
    const mention = event.target.closest("a.m[data-m]");
    if (mention) {
      event.preventDefault();
      show(mention);
    }
  });

  addEventListener("beforeprint", () => all("details").forEach((details) => { details.open = true; }));

  // The legend. What is switched off is no stop for the keyboard either.
  for (const box of all("[data-toggle]")) {
    box.addEventListener("change", () => {
      root.classList.toggle("off-" + box.dataset.toggle, !box.checked);
      const off = kinds.filter((kind) => root.classList.contains("off-" + kind));
      for (const link of all("a.m[data-m]")) {
        const own = words(link, "m").map((id) => document.getElementById(id).dataset.kind);
        link.tabIndex = own.every((kind) => off.includes(kind)) ? -1 : 0;
      }
    });
    if (!box.checked) box.dispatchEvent(new Event("change")); // a browser may restore a box on reload
  }
})();
