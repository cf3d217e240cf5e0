"use strict";
(() => {
  const rank = { error: 0, warning: 1, note: 2, none: 3 };
  const tools = document.querySelector(".tools");
  if (!tools) return;
  const buttons = [...tools.querySelectorAll("button[data-show]")];
  const search = tools.querySelector("input");
  const order = tools.querySelector("select");
  const said = tools.querySelector("[role=status]");
  const cites = [...document.querySelectorAll(".cite")];
  tools.hidden = false;

  const wanted = (cite, show) =>
    show === "all" ||
    (show === "mend" && (cite.dataset.severity === "error" || cite.dataset.severity === "warning")) ||
    cite.dataset.health === show;

  const filter = () => {
    const show = buttons.find((b) => b.getAttribute("aria-pressed") === "true").dataset.show;
    const text = search.value.trim().toLowerCase();
    let seen = 0;
    for (const cite of cites) {
      const ok = wanted(cite, show) && (!text || cite.textContent.toLowerCase().includes(text));
      cite.hidden = !ok;
      if (ok) seen += 1;
    }
    said.textContent = seen + " of " + cites.length + " shown";
  };

  const keys = {
    note: (c) => [Number(c.dataset.place)],
    severity: (c) => [rank[c.dataset.severity], Number(c.dataset.place)],
    source: (c) => [c.dataset.source, Number(c.dataset.place)],
  };
  const compare = (a, b) => {
    for (let i = 0; i < a.length; i += 1) {
      if (a[i] < b[i]) return -1;
      if (a[i] > b[i]) return 1;
    }
    return 0;
  };
  const sort = () => {
    const key = keys[order.value];
    for (const list of document.querySelectorAll(".cites")) {
      const rows = [...list.children].sort((a, b) => compare(key(a), key(b)));
      list.append(...rows);
    }
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      filter();
    });
  }
  search.addEventListener("input", filter);
  order.addEventListener("change", sort);

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const done = await copy(button.previousElementSibling.textContent);
    said.textContent = done ? "Copied" : "Could not copy";
    button.textContent = done ? "Copied" : "Select and copy by hand";
  });
  for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
  filter();
})();
