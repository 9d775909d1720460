/** The page's script: keys, filter, theme. The page says everything without it too. */

export const SCRIPT = `
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const $ = (selector) => document.querySelector(selector);
  const filter = $("#filter"), help = $("#help"), count = $("#count");
  const stored = (value) => {
    // Storage is refused to pages opened from a file in some browsers; the choice then lasts as long as the page.
    try {
      if (value === undefined) return localStorage.getItem("kport-theme");
      localStorage.setItem("kport-theme", value);
    } catch { return null; }
  };
  const saved = stored();
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const toggleTheme = () => { root.dataset.theme = dark() ? "light" : "dark"; stored(root.dataset.theme); };
  const items = () => [...document.querySelectorAll("[data-item]")].filter((item) => item.getClientRects().length > 0);
  const move = (step) => {
    const all = items();
    const active = document.activeElement && document.activeElement.closest("[data-item]");
    const at = all.indexOf(active);
    const next = all[at === -1 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
    if (next) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: "nearest" }); }
  };
  const applyFilter = () => {
    const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0, all = 0;
    for (const element of document.querySelectorAll("[data-search]")) {
      const text = element.dataset.search.toLowerCase();
      element.hidden = !words.every((word) => text.includes(word));
      all += 1;
      if (!element.hidden) shown += 1;
    }
    count.textContent = words.length === 0 ? "" : shown + " of " + all;
  };
  const setAll = (open) => { for (const block of document.querySelectorAll("details")) block.open = open; };
  filter.addEventListener("input", applyFilter);
  $("#theme").addEventListener("click", toggleTheme);
  $("#keys").addEventListener("click", () => help.showModal());
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => { const block = document.activeElement && document.activeElement.closest("details"); if (block) block.open = !block.open; },
    e: () => setAll(true),
    c: () => setAll(false),
    t: toggleTheme,
    "/": () => { filter.focus(); filter.select(); },
    "?": () => help.open ? help.close() : help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.activeElement === filter) {
      if (event.key === "Escape") { filter.value = ""; applyFilter(); filter.blur(); }
      return;
    }
    const action = keys[event.key];
    if (action && (!help.open || event.key === "?")) { event.preventDefault(); action(); }
  });
})();
`;

/** What the help dialog says; beside the script, so that the two stay the same. */
export const KEYS: readonly (readonly [string, string])[] = [
  ["j", "next item"],
  ["k", "previous item"],
  ["o", "open or close the item"],
  ["e", "open all"],
  ["c", "close all"],
  ["/", "filter functions and findings"],
  ["Esc", "clear the filter"],
  ["t", "light or dark"],
  ["?", "these keys"],
];
