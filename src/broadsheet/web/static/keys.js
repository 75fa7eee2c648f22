// Keys, thumbs, and forms that answer in place: each act is a form or a link of the page, and works without this.
"use strict";
(() => {
  const ROW = "article[data-paper]:not(.paper)";
  const ACTS = { v: "vote", s: "save", x: "hide", m: "read", A: "above", z: "undo" };
  const one = (what, within = document) => within.querySelector(what);
  const all = (what) => [...document.querySelectorAll(what)];
  const bar = one(".thumbs"), line = one(".undo"), waiting = [];
  const on = addEventListener;
  let here, timer, touch, secondUntil;

  const heading = (row) => one(".headline a", row);
  const rowOf = (node) => node.closest(ROW);
  // The button of an act: in the row, else the one that belongs to no row.
  const buttonOf = (act, row) =>
    (row && one(`[data-act=${act}] button`, row)) || one(`[data-act=${act}]:not(${ROW} *) button`);
  const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

  function stand(row) {
    here?.classList.remove("here");
    here = row;
    row?.classList.add("here");
  }

  function focus(row) {
    stand(row);
    heading(row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function isInView(row) {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }

  function step(by) {
    const rows = all(ROW), at = rows.indexOf(here), next = at < 0 ? rows.find(isInView) || rows[0] : rows[at + by];
    if (next) focus(next);
    else one(by > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
  }

  // A list is left at its row, so that both ways back lead there.
  function leave(row) {
    if (!row) return;
    history.replaceState(history.state, "", `#${row.id}`);
    sessionStorage.list = location;
  }

  function to(part, place) {
    leave(here);
    if (here) location = heading(here).href + part;
    else one(place)?.focus();
  }

  function back() {
    const list = one("a[rel=up]")?.href || sessionStorage.list;
    if (list) location = list;
  }

  async function help({ href }) {
    const sheet = document.createElement("dialog");
    document.body.append(sheet);
    sheet.append(...one("main", await read(await fetch(href))).children);
    sheet.onclose = () => sheet.remove();
    offer(one(".switch", sheet));
    sheet.showModal();
  }

  function say(text) {
    one("output", line).textContent = text;
    line.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => (line.hidden = true), 6000);
  }

  // What is pressed looks so at once, until the answer puts it right.
  function mark({ act, row }) {
    const of = row ? all(`#${row.id} [data-act=${act}] button, #${row.id} [form=${act[0]}${row.dataset.paper}]`) : [];
    return of.map((button) => button.classList.toggle("given")).every(Boolean);
  }

  function press(act) {
    const button = buttonOf(act, here), goesOn = here && "save hide read".includes(act) && !button.matches(".given");
    button.form.requestSubmit(button);
    if (goesOn) step(1);
  }

  function submitted(event) {
    const { act } = event.target.dataset, job = { act, row: rowOf(event.target), button: event.submitter };
    if (!act) return;
    event.preventDefault();
    job.upto = here?.dataset.paper;
    say(line.dataset[mark(job) ? act : "back"]);
    if (waiting.push(job) < 2) work();
  }

  function send({ act, row, upto, button }) {
    const by = button.isConnected ? button : buttonOf(act, row), body = new URLSearchParams(new FormData(by.form, by));
    if (act === "above") body.set("upto", upto);
    return fetch(by.form.action, { method: "POST", body, headers: { "X-Row": "1" }, keepalive: true });
  }

  async function work() {
    for (; waiting.length; waiting.shift()) {
      const job = waiting[0], answer = await send(job).catch(() => 0), page = answer && (await read(answer));
      // A stranger was led to where one signs in, and comes back to the row.
      if (answer.redirected) location = answer.url;
      else if (answer.ok) put(job, page.body);
      else {
        mark(job);
        say(answer ? one("main p:not(.kicker)", page).textContent : line.dataset.failed);
      }
    }
  }

  // The answer has the live part of one row, or of several. What had the focus has it again.
  function put({ act, row }, answer) {
    const active = document.activeElement, inAct = active.closest("[data-act]")?.dataset.act, rows = [row];
    for (const part of answer.querySelectorAll("[data-paper]")) {
      const live = one(`#p${part.dataset.paper} [data-live]`);
      live?.replaceChildren(...part.childNodes);
      if (live) rows.push(rowOf(live));
    }
    if (row && !rows[1]) one("[data-live]", row).replaceChildren(...answer.childNodes);
    if (!active.isConnected) buttonOf(inAct, row)?.focus({ preventScroll: true });
    waiting.slice(1).filter((job) => rows.includes(job.row)).forEach(mark);
    if (act === "undo" && rows[1]) focus(rows[1]);
  }

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    o: () => here && heading(here).click(),
    u: back,
    t: () => to("#tag", "#tag"),
    n: () => to("#note", "#note"),
    c: () => to("/discussion", "#discussion a"),
    " ": () => (one("details", here).open ^= 1),
  };

  function run(key) {
    const link = all("[data-key]").find((it) => it.dataset.key === key), act = ACTS[key];
    if (link) key === "?" ? help(link) : link.matches("input") ? link.select() : link.click();
    else if (KEYS[key]) KEYS[key]();
    else if (act && buttonOf(act, here)) press(act);
    else return false;
    return true;
  }

  function pressed(event) {
    const { key, target, timeStamp } = event;
    if (localStorage.keys || one("[data-keys=off]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest("input, select, textarea, [contenteditable], dialog")) return;
    if (key === " " && (target.closest("button, summary") || !here || !one("details", here))) return;
    const isSecond = timeStamp < secondUntil;
    secondUntil = key === "g" && timeStamp + 1500;
    if (run(isSecond ? `g ${key}` : key)) event.preventDefault();
  }

  // From the edge a swipe belongs to the browser.
  function swiped({ changedTouches: [{ clientX, clientY }] }) {
    const from = touch.clientX, across = clientX - from, far = Math.abs(across), row = rowOf(touch.target);
    if (!row || from < 24 || from > innerWidth - 24 || far < 70 || far < 2 * Math.abs(clientY - touch.clientY)) return;
    stand(row);
    press(across > 0 ? "save" : "hide");
  }

  function thumbs() {
    const stay = () => (here && isInView(here)) || stand(all(ROW).find(isInView));
    bar.hidden = false;
    bar.onclick = ({ target }) => {
      stay();
      run(target.dataset.press);
    };
    on("scrollend", stay);
    on("touchstart", (event) => ([touch] = event.changedTouches), { passive: true });
    on("touchend", swiped);
  }

  // In one browser keys are switched off by a box on the page of keys.
  function offer(box) {
    if (!box) return;
    box.disabled = false;
    box.checked = !localStorage.keys;
    box.onchange = () => (localStorage.keys = box.checked ? "" : "off");
  }

  on("submit", submitted);
  on("keydown", pressed);
  on("focusin", ({ target }) => rowOf(target) && stand(rowOf(target)));
  on("click", ({ target }) => target.closest("a") && leave(rowOf(target)));
  on("pagehide", () => waiting.slice(1).forEach(send));
  if (bar && matchMedia("(pointer: coarse)").matches) thumbs();
  if (one(`${ROW}:target`)) focus(one(":target"));
  offer(one(".switch"));
})();
