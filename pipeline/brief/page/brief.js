// Filters and sorts the table, and with it the map, the timeline and the evidence. Without it all is there, unfiltered.
"use strict";
(() => {
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const form = document.getElementById("filters");
  if (!form) return;
  const body = document.querySelector("#table tbody");
  const rows = [...body.rows];
  const status = document.getElementById("count");
  const cards = all("article.card");
  const drawn = all("[data-ks]").map((node) => [node, node.dataset.ks.split(" ")]);
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

  function filter() {
    const wanted = [...new FormData(form)].filter(([, value]) => value.trim());
    const kept = new Set();
    for (const row of rows) {
      const holds = wanted.every(([name, value]) =>
        name === "text"
          ? value.toLowerCase().split(/\s+/).every((word) => words.get(row).includes(word))
          : row.dataset[name].split(" ").includes(value));
      row.hidden = !holds;
      if (holds) kept.add(row.dataset.k);
    }
    for (const card of cards) card.hidden = !kept.has(card.dataset.k);
    for (const [node, keys] of drawn) node.classList.toggle("off", !keys.some((key) => kept.has(key)));
    const of = kept.size === rows.length ? "" : ` of ${rows.length}`;
    status.textContent = `${kept.size}${of} transfer${rows.length === 1 ? "" : "s"}` +
      (of ? " shown in table, map, timeline and evidence" : "");
  }

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  for (const link of all("a[data-name]")) {
    link.addEventListener("click", () => {
      form.reset();
      const field = form.elements[link.dataset.name];
      if (field) field.value = link.dataset.value;
      filter();
    });
  }

  // Sorting: a button in each head; ascending, descending, and the order of the brief again.
  const original = [...rows];
  const heads = all("#table th[data-sort]");
  const value = (row, column, kind) => {
    const cell = row.cells[column];
    return kind === "number" ? Number(cell.dataset.v) : cell.textContent.trim();
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      const now = before === "ascending" ? "descending" : before === "descending" ? null : "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      let sorted = original;
      if (now) {
        head.setAttribute("aria-sort", now);
        const kind = head.dataset.sort, sign = now === "ascending" ? 1 : -1;
        sorted = original.map((row) => [value(row, column, kind), row]);
        sorted.sort(([a], [b]) => sign * (kind === "number" ? a - b : a.localeCompare(b)));
        sorted = sorted.map(([, row]) => row);
      }
      body.append(...sorted);
    });
  });

  // The map's views.
  const world = document.getElementById("world");
  const views = document.querySelector(".views");
  views.hidden = views.children.length < 2;
  views.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    world.setAttribute("viewBox", button.dataset.box);
    world.style.setProperty("--zoom", button.dataset.zoom);
    world.classList.toggle("near", Number(button.dataset.zoom) < 1);
    for (const other of views.children) other.setAttribute("aria-pressed", String(other === button));
  });

  // Folded evidence: opened by the link that leads to it, all at once, and for printing.
  const folded = all("article.card details");
  const reach = () => {
    const card = /^#e\d+$/.test(location.hash) && document.querySelector(location.hash);
    if (!card) return;
    card.hidden = false;
    card.querySelector("details").open = true;
  };
  addEventListener("hashchange", reach);
  reach();
  const unfold = document.getElementById("unfold");
  if (unfold) {
    unfold.hidden = false;
    unfold.nextElementSibling.hidden = true;
    unfold.addEventListener("click", () => {
      const open = unfold.textContent === "unfold all";
      for (const one of folded) one.open = open;
      unfold.textContent = open ? "fold all" : "unfold all";
    });
  }
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = folded.filter((one) => !one.open);
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });
})();
