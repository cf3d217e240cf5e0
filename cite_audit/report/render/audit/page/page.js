"use strict";
(() => {
  const root = document.documentElement;
  const served = root.hasAttribute("data-served");
  const tools = document.querySelector(".tools");
  const dialog = document.querySelector("dialog");
  if (!tools || !dialog) return;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (tag, text = "", settings = {}) => Object.assign(document.createElement(tag), { textContent: text }, settings);
  const isWeb = (address) => /^https?:\/\/[^\s/]+/i.test(address) && !/\s/.test(address);

  // what is remembered on this machine, where the browser lets a page remember anything
  const memory = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* kept in the page alone */ } },
  };

  // decisions: one book a report, from the name of a link to what was decided
  const books = new Map();
  const cards = all(".card");
  for (const article of all(".report")) {
    const own = all(".card", article);
    if (own.length) {
      const place = "cite-audit:" + (article.dataset.sha256 || location.pathname + ":" + article.dataset.report);
      const names = new Set(own.map((card) => card.dataset.link));
      const kept = Object.entries((!served && memory.read(place)) || {}).filter(([name]) => names.has(name));
      books.set(article, { place, own, made: new Map(kept) });
    }
  }
  const bookOf = (card) => books.get(card.closest(".report"));
  const decisionOf = (card) => bookOf(card).made.get(card.dataset.link);

  const compose = (article) => {
    const decisions = books.get(article).own.filter(decisionOf).map((card) => {
      const made = decisionOf(card);
      const row = { ...JSON.parse(card.dataset.link), action: made.action };
      if (made.action === "replace") row.to = made.to;
      row.reason = made.reason || null;
      return row;
    });
    const now = new Date();
    const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
    return { cite_audit_decisions: 1, report: article.dataset.report, sha256: article.dataset.sha256, decided: day, decisions };
  };

  // what a decided card and the bar below the cards show
  const squares = new Map(all(".strip a").map((a) => [a.hash.slice(1), a]));
  const draw = (card) => {
    const made = decisionOf(card);
    card.querySelector(".decision")?.remove();
    card.classList.toggle("decided", Boolean(made));
    squares.get(card.id)?.classList.toggle("decided", Boolean(made));
    for (const button of all("[data-act=use], [data-act=keep]", card)) {
      const is = made && (button.dataset.act === "keep" ? made.action === "keep" : made.to === card.dataset.to);
      button.setAttribute("aria-pressed", String(Boolean(is)));
    }
    if (!made) return;
    const box = make("div", "", { className: "decision" });
    const said = make("span", made.action === "keep" ? "Decided: the link stays." : "Decided: ");
    if (made.action === "replace") said.append(make("bdi", made.to, { className: "url" }));
    box.append(said);
    if (made.action === "keep") {
      const label = make("label", "Why (makes it an ignore): ");
      label.append(make("input", "", { type: "text", maxLength: 500, value: made.reason || "", name: "reason" }));
      box.append(label);
    }
    const undo = make("button", "Undo", { type: "button" });
    undo.dataset.act = "undo";
    box.append(undo);
    card.querySelector(".choices").after(box);
  };
  const count = () => {
    for (const [article, book] of books) {
      const bar = article.querySelector(".bar");
      bar.querySelector(".done").textContent = book.made.size + " of " + book.own.length + " decided";
      bar.querySelector("progress").value = book.made.size / book.own.length;
      bar.querySelector("[data-act=save]").disabled = !book.made.size;
    }
    const todo = tools.querySelector("[data-show=todo] b");
    todo.textContent = cards.filter((card) => !decisionOf(card)).length;
  };
  const tell = (article, text) => { article.querySelector(".bar .told").textContent = text; };

  const remember = (article) => {
    const book = books.get(article);
    if (served) server.save(article);
    else memory.write(book.place, Object.fromEntries(book.made));
    count();
  };
  const decide = (card, made, advance = true) => {
    const article = card.closest(".report");
    if (made) bookOf(card).made.set(card.dataset.link, made);
    else bookOf(card).made.delete(card.dataset.link);
    draw(card);
    remember(article);
    if (made && advance) go(1, card, true);
    else card.focus();
  };

  // one card is the current one; keys act on it
  let current = null;
  const visible = () => cards.filter((card) => !card.hidden);
  const go = (step, from = current, undecided = false) => {
    const shown = visible();
    let index = shown.indexOf(from);
    if (index < 0) index = step > 0 ? -1 : shown.length;
    do index += step; while (undecided && shown[index] && decisionOf(shown[index]));
    if (shown[index]) shown[index].focus();
    else if (undecided && from) {
      from.focus();
      if (bookOf(from).made.size === bookOf(from).own.length) tell(from.closest(".report"), "All decided.");
    }
  };
  document.addEventListener("focusin", (event) => {
    const card = event.target.closest(".card");
    if (card) current = card;
  });
  const ask = (card) => {
    card.querySelector(".decision")?.remove();
    const form = make("div", "", { className: "decision open" });
    const label = make("label", "The address to write instead: ");
    const field = make("input", "", { type: "url", name: "other", value: decisionOf(card)?.to || "", placeholder: "https://…" });
    label.append(field);
    const ok = make("button", "Use it", { type: "button", className: "main" });
    ok.dataset.act = "accept";
    const back = make("button", "Cancel", { type: "button" });
    back.dataset.act = "cancel";
    form.append(label, ok, back);
    card.querySelector(".choices").after(form);
    field.focus();
  };
  const accept = (card) => {
    const field = card.querySelector("input[name=other]");
    const to = field.value.trim();
    if (isWeb(to)) decide(card, { action: "replace", to });
    else {
      field.setCustomValidity("An address begins with https:// or http://.");
      field.reportValidity();
      field.setCustomValidity("");
    }
  };
  const acts = {
    use: (card) => card.dataset.to && decide(card, { action: "replace", to: card.dataset.to }),
    keep: (card) => decide(card, { action: "keep", reason: decisionOf(card)?.reason || "" }),
    other: ask,
    accept,
    cancel: (card) => { draw(card); card.focus(); },
    undo: (card) => decide(card, null),
    open: (card) => card.querySelector("a[data-act=open]")?.click(),
  };
  document.addEventListener("change", (event) => {
    const card = event.target.name === "reason" && event.target.closest(".card");
    if (!card) return;
    decisionOf(card).reason = event.target.value.trim();
    remember(card.closest(".report"));
  });

  // saving: a download from a file, at once where a server listens
  const save = (article) => {
    const text = JSON.stringify(compose(article), null, 2) + "\n";
    const link = make("a", "", { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: article.dataset.file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    tell(article, "Saved as " + article.dataset.file + ".");
  };
  const send = (path, body) => fetch(path, { method: "POST", headers: { "Content-Type": "application/json", "X-Cite-Audit": "1" }, body: JSON.stringify(body) });
  const server = {
    queue: Promise.resolve(),
    save(article) {
      this.queue = this.queue.then(async () => {
        try {
          const answer = await send("decisions", compose(article));
          tell(article, (answer.ok ? "" : "Not saved: ") + (await answer.text()));
        } catch {
          tell(article, "Not saved: the program has ended. Start it again; what was saved is kept.");
        }
      });
    },
    async review(article) {
      tell(article, "Making the document …");
      await this.queue;
      try {
        const answer = await send("reviewed", {});
        tell(article, await answer.text());
      } catch {
        tell(article, "The program has ended: start it again.");
      }
    },
    async load(article) {
      const answer = await fetch("decisions");
      if (!answer.ok) return;
      const name = (row) => JSON.stringify([row.note, row.printed, row.url, row.occurrence]);
      const rows = new Map((await answer.json()).decisions.map((row) => [name(row), row]));
      for (const card of books.get(article)?.own || []) {
        const row = rows.get(name(JSON.parse(card.dataset.link)));
        if (row) books.get(article).made.set(card.dataset.link, { action: row.action, to: row.to, reason: row.reason || "" });
        draw(card);
      }
      count();
    },
    async stay() {
      try {
        const reader = (await fetch("open")).body.getReader();
        while (!(await reader.read()).done) { /* the program ends when nobody reads this any more */ }
      } catch { /* ended */ }
    },
  };

  // what is shown: kept in the address, so that it can be sent and printed
  const buttons = all("button[data-show]", tools);
  const search = tools.querySelector("input");
  const group = tools.querySelector("select");
  const said = tools.querySelector("[role=status]");
  const entries = all(".cite");
  const advice = all(".advice");
  const notes = all(".place");
  const choice = { show: "all", find: "", by: "note" };
  const texts = new WeakMap();
  const holds = (node, text) => {
    if (!texts.has(node)) texts.set(node, node.textContent.toLowerCase());
    return texts.get(node).includes(text);
  };
  const filter = () => {
    const { show, find } = choice;
    const text = find.trim().toLowerCase();
    const fits = (node, state) => (show === "all" || show === state) && (!text || holds(node, text));
    let seen = 0;
    for (const card of cards) card.hidden = !(show === "todo" ? !decisionOf(card) && (!text || holds(card, text)) : fits(card, card.dataset.state));
    for (const entry of entries) {
      entry.hidden = !(show === "todo" ? false : fits(entry, entry.dataset.state));
      seen += !entry.hidden;
    }
    for (const entry of advice) entry.hidden = !fits(entry, "advice");
    for (const note of notes) {
      const own = all(".cite, .advice", note);
      note.hidden = own.length ? own.every((entry) => entry.hidden) : show !== "all" || (text && !holds(note, text));
    }
    for (const section of all(".hand")) {
      const own = all(".card", section);
      const none = section.querySelector(".none");
      none.hidden = !own.length || own.some((card) => !card.hidden);
    }
    for (const section of all("section.all")) section.hidden = show === "todo";
    const shown = show === "todo" ? visible().length : seen;
    said.textContent = shown + " of " + (show === "todo" ? cards.length : entries.length) + " shown";
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.show === show));
  };
  const homes = new Map(entries.map((entry) => [entry, entry.parentElement]));
  const regroup = () => {
    const byHost = choice.by === "host";
    for (const list of all(".notes")) list.querySelectorAll(".place.host").forEach((node) => node.remove());
    for (const where of all(".where")) where.hidden = !byHost;
    if (!byHost) {
      for (const [entry, home] of homes) home.append(entry);
      notes.splice(0, notes.length, ...all(".place"));
      return;
    }
    for (const list of all(".notes")) {
      const hosts = new Map();
      const heading = list.querySelector(".label").tagName;
      for (const entry of all(".cite", list)) hosts.set(entry.dataset.host, [...(hosts.get(entry.dataset.host) || []), entry]);
      for (const [host, own] of [...hosts].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))) {
        const item = make("li", "", { className: "place host" });
        const box = make("ul", "", { className: "cites" });
        box.append(...own);
        item.append(make(heading, host + " · " + own.length, { className: "label" }), box);
        list.append(item);
      }
    }
    notes.splice(0, notes.length, ...all(".place"));
  };
  const apply = () => {
    search.value = choice.find;
    if (group.value !== choice.by || choice.by === "host") { group.value = choice.by; regroup(); }
    filter();
  };
  const read = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    if (!["show", "find", "by"].some((name) => given.has(name))) return false;
    const show = given.get("show");
    choice.show = buttons.some((button) => button.dataset.show === show) ? show : "all";
    choice.find = given.get("find") || "";
    choice.by = given.get("by") === "host" ? "host" : "note";
    return true;
  };
  const write = () => {
    const kept = Object.entries(choice).filter(([name, value]) => value && value !== { show: "all", by: "note" }[name]);
    history.replaceState(null, "", kept.length ? "#" + new URLSearchParams(kept) : location.pathname + location.search);
  };
  const choose = (change) => { Object.assign(choice, change); write(); apply(); };
  const reveal = (id) => {
    const target = id && document.getElementById(id);
    if (!target) return;
    if (target.closest("[hidden]")) choose({ show: "all", find: "" });
    if (target.matches(".card")) target.focus();
    target.scrollIntoView({ block: "start" });
  };
  window.addEventListener("hashchange", () => (read() ? apply() : reveal(location.hash.slice(1))));

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = make("textarea", text);
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  };

  document.addEventListener("click", async (event) => {
    const target = event.target.closest("button, a");
    if (!target) return;
    const act = target.dataset.act;
    const card = target.closest(".card");
    if (target.dataset.show) choose({ show: target.dataset.show });
    else if (target.matches(".tile")) { event.preventDefault(); choose({ show: new URLSearchParams(target.hash.slice(1)).get("show") }); }
    else if (target.matches(".strip a, .cite a[href^='#']")) { event.preventDefault(); reveal(target.hash.slice(1)); }
    else if (target.matches(".copy")) {
      const done = await copy(target.previousElementSibling.textContent);
      target.textContent = done ? "Copied" : "Select and copy by hand";
    } else if (act === "help") dialog.showModal();
    else if (act === "close") dialog.close();
    else if (act === "save") save(target.closest(".report"));
    else if (act === "review") server.review(target.closest(".report"));
    else if (card && act && act !== "open") acts[act](card);
  });
  search.addEventListener("input", () => choose({ find: search.value }));
  group.addEventListener("change", () => { choice.by = group.value; write(); regroup(); filter(); });

  const switchKeys = dialog.querySelector("input");
  switchKeys.checked = memory.read("cite-audit:keys") !== false;
  switchKeys.addEventListener("change", () => memory.write("cite-audit:keys", switchKeys.checked));
  const keys = { a: "use", k: "keep", x: "other", u: "undo", o: "open" };
  document.addEventListener("keydown", (event) => {
    const field = event.target.matches("input[type=url], input[type=text], input[type=search], textarea, select");
    const card = event.target.closest(".card") || (current && !current.hidden ? current : null);
    if (field) {
      if (event.key === "Enter" && event.target.name === "other") accept(card);
      else if (event.key === "Enter" && event.target.name === "reason") { event.target.blur(); go(1, card, true); }
      else if (event.key === "Escape" && card) acts.cancel(card);
      else return;
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open || !switchKeys.checked) return;
    if (event.key === "?") dialog.showModal();
    else if (event.key === "j") go(1);
    else if (event.key === "J" || event.key === "p") go(-1);
    else if (event.key === "s" && books.size) save((card || cards[0]).closest(".report"));
    else if (keys[event.key] && card) acts[keys[event.key]](card);
    else return;
    event.preventDefault();
  });

  // from here on there is somebody to press them
  tools.hidden = false;
  for (const node of all(".choices .set, .bar, .copy")) node.hidden = false;
  for (const card of cards) if (decisionOf(card)) draw(card);
  for (const bar of all(".bar")) {
    const article = bar.closest(".report");
    if (served) {
      bar.querySelector("[data-act=save]").hidden = true;
      bar.querySelector("[data-act=review]").hidden = false;
      bar.querySelector(".next").hidden = true;
      server.load(article);
    }
  }
  if (served) server.stay();
  count();
  read();
  apply();
  if (location.hash && !location.hash.includes("=")) reveal(location.hash.slice(1));
})();
