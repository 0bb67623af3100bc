"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const tip = document.getElementById("tip");

  // What a datum tells, under the pointer or the arrow keys. Its <title> would show a second time by itself.
  const mostTold = 5;
  let shown = null, title = null;
  function hide() {
    if (shown) {
      shown.classList.remove("at");
      if (title) shown.prepend(title);
    }
    shown = title = null;
    tip.hidden = true;
  }
  const told = (mark) => (mark === shown ? title : mark.querySelector("title"))?.textContent ?? "";
  function list(marks) {
    const texts = [...new Set(marks.map(told))];
    const more = texts.length - mostTold;
    // Texts of several lines have a line between them.
    const gap = texts.some((text) => text.includes("\n")) ? "\n\n" : "\n";
    return [...texts.slice(0, mostTold), ...(more > 0 ? [`… and ${more} more`] : [])].join(gap);
  }
  function show(mark, x, y, others = []) {
    if (mark !== shown) {
      hide();
      title = mark.querySelector("title");
      title?.remove();
      mark.classList.add("at");
      shown = mark;
    }
    const text = list([mark, ...others]);
    if (tip.textContent !== text) tip.textContent = text;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 4));
    const top = y + 18 + box.height < innerHeight ? y + 18 : Math.max(4, y - box.height - 10);
    tip.style.transform = `translate(${left}px, ${top}px)`;
  }
  // Marks that others cover: all that lie at the place, from the topmost down.
  const below = (x, y) => document.elementsFromPoint(x, y).filter((element) => element.matches(".mark"));
  document.addEventListener("pointermove", (event) => {
    const mark = event.target.closest?.(".mark");
    if (mark) show(mark, event.clientX, event.clientY, below(event.clientX, event.clientY));
    else if (shown && !shown.closest("svg").contains(document.activeElement)) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const chart = document.activeElement?.closest?.("svg.chart");
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (!chart || !(event.key in steps)) return;
    const marks = [...chart.querySelectorAll(".mark")];
    if (!marks.length) return;
    event.preventDefault();
    const now = marks.indexOf(shown);
    const next = now < 0 ? 0 : (now + steps[event.key] + marks.length) % marks.length;
    const box = marks[next].getBoundingClientRect();
    show(marks[next], box.x + box.width / 2, box.y + box.height / 2);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.closest?.("svg.chart")) hide();
  });
  addEventListener("scroll", hide, { passive: true });

  // Paper shows what is folded away, too.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open])")];
    for (const part of unfolded) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of unfolded) part.open = false;
    unfolded = [];
  });

  // Sorting by the values behind the cells; what has none comes last either way. Lines stay below their heading, and what
  // stands further in stays with the line above it.
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en", { numeric: true });
  }
  function sort(table, column, descending) {
    const rows = data.tables[table.id].rows;
    const body = table.tBodies[0];
    const groups = [{ heading: [], pieces: [] }];
    for (const line of body.rows) {
      const { pieces } = groups.at(-1);
      if (line.dataset.row === undefined) groups.push({ heading: [line], pieces: [] });
      else if (line.querySelector("th.deeper") && pieces.length) pieces.at(-1).push(line);
      else pieces.push([line]);
    }
    const place = (piece) => +piece[0].dataset.row;
    const value = (piece) => rows[place(piece)][column] ?? null;
    for (const { heading, pieces } of groups) {
      pieces.sort((a, b) => {
        const [x, y] = [value(a), value(b)];
        if (x === null || y === null) return (x === null) - (y === null) || place(a) - place(b);
        return (descending ? compare(y, x) : compare(x, y)) || place(a) - place(b);
      });
      body.append(...heading, ...pieces.flat());
    }
  }
  for (const head of document.querySelectorAll("th .sort")) {
    const cell = head.closest("th");
    const table = cell.closest("table");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const descending = cell.getAttribute("aria-sort") === "ascending";
      for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(table, cell.cellIndex, descending);
    });
  }

  // The values behind a table, exactly, as CSV (RFC 4180), but for texts that a spreadsheet would take for a formula: they
  // begin with ' here. Numbers never do.
  function field(value) {
    if (value === null || value === undefined) return "";
    let text = String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text))) text = "'" + text;
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }
  function csv(id) {
    const { columns, rows } = data.tables[id];
    return [columns, ...rows.filter((row) => row.length)].map((row) => row.map(field).join(",") + "\n").join("");
  }
  for (const button of document.querySelectorAll("[data-table]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([csv(button.dataset.table)], { type: "text/csv" }));
      link.download = button.dataset.name ?? `rheobase-${button.dataset.table}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
})();
