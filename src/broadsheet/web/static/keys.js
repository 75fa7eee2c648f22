// Keys, thumbs, and forms that answer in place: each act is a form or a link of the page, and works without this.
(() => {
  const ROW = "article[data-paper]:not(.paper)";
  const ACTS = { v: "vote", s: "save", x: "hide", m: "read", A: "above", z: "undo" };
  const one = (what, within = document) => within.querySelector(what);
  const all = (what) => [...document.querySelectorAll(what)];
  const on = addEventListener, waiting = [];
  const bar = one(".thumbs"), box = one(".switch"), line = one(".undo"), sheet = one("dialog");
  let here, timer, touch, before = "", upto = "";

  const isOff = () => localStorage.keys || one("[data-keys=off]");
  const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
  const heading = (row) => one(".headline a", row);
  const rowOf = (node) => node.closest(ROW);
  // The button of an act: in the row, else the one that belongs to no row.
  const buttonOf = (act, row) =>
    (row && one(`[data-act=${act}] button`, row)) || one(`[data-act=${act}]:not(${ROW} *) button`);

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

  function follow(link) {
    link?.focus();
    link?.click();
  }

  function step(by) {
    const rows = all(ROW), at = rows.indexOf(here), next = at < 0 ? rows.find(isInView) || rows[0] : rows[at + by];
    if (next) focus(next);
    else follow(one(`[data-step="${by}"]`));
  }

  // A list is left at its row, so that both ways back lead there.
  function leave(row) {
    if (!row) return;
    history.replaceState(0, "", `#${row.id}`);
    sessionStorage.list = location;
  }

  function to(part) {
    leave(here);
    if (here) location = heading(here).href + part;
    else document.getElementById(part.slice(1))?.focus();
  }

  function say(text) {
    one("output", line).textContent = text;
    line.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => (line.hidden = true), 6000);
  }

  // What a form does is taken back where it says "no", or nothing.
  const isBack = (button) => /^(no)?$/.test([...new FormData(button.form, button).values()][0]);
  const pressedIn = ({ act, row, button }) => (button.isConnected ? button : buttonOf(act, row));

  // What is pressed looks so at once, until the answer puts it right.
  function mark(job, given) {
    const { form } = pressedIn(job);
    for (const it of [form, ...form.elements]) it.classList[given ? "add" : "remove"]("given", "stands");
  }

  function press(act) {
    const button = buttonOf(act, here), goesOn = here && "save hide read".includes(act) && !isBack(button);
    upto = here?.dataset.paper;
    button.form.requestSubmit(button);
    if (goesOn && here !== all(ROW).at(-1)) step(1);
  }

  function submitted(event) {
    const { act } = event.target.dataset, button = event.submitter;
    if (!act) return;
    event.preventDefault();
    const job = { act, button, row: rowOf(button), given: !isBack(button), at: here, upto };
    upto = "";
    mark(job, job.given);
    say(line.dataset[job.given ? act : "back"]);
    if (waiting.push(job) < 2) work();
  }

  function send(job) {
    const button = pressedIn(job), body = new URLSearchParams(new FormData(button.form, button));
    if (job.upto) body.set("upto", job.upto);
    return fetch(button.form.action, { method: "POST", body, headers: { "X-Row": "1" }, keepalive: true });
  }

  async function work() {
    for (; waiting.length; waiting.shift()) {
      const job = waiting[0], answer = await send(job).catch(() => 0), page = parsed(answer && (await answer.text()));
      // A stranger was led to where one signs in, and comes back to the row.
      if (answer.redirected) location = answer.url;
      else if (answer.ok) put(job, page);
      else {
        mark(job, !job.given);
        say(one("main p:not(.kicker)", page)?.textContent || line.dataset.failed);
      }
    }
  }

  // The answer has the live part of each row that changed. A button that had the focus has it again.
  function put({ act, at }, answer) {
    const rows = [];
    for (const part of answer.querySelectorAll("[data-paper]")) {
      const live = one(`#p${part.dataset.paper} [data-live]`), buttons = () => [...live.querySelectorAll("button")];
      if (!live) continue;
      const nth = buttons().indexOf(document.activeElement);
      live.replaceChildren(...part.childNodes);
      buttons()[nth]?.focus({ preventScroll: true });
      rows.push(rowOf(live));
    }
    for (const job of waiting.slice(1)) if (rows.includes(job.row)) mark(job, job.given);
    if (act === "undo" && rows[0] && at === here) focus(rows.at(-1));
  }

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    o: () => here && heading(here).click(),
    u: () => sessionStorage.list && (location = sessionStorage.list),
    t: () => to("#tag"),
    n: () => to("#note"),
    c: () => to("/discussion"),
    " ": () => (one("details", here).open ^= 1),
  };

  function run(key) {
    const link = all("[data-key]").find((it) => it.dataset.key === key), act = ACTS[key];
    if (key === "?" && sheet) sheet.showModal();
    else if (link) follow(link);
    else if (KEYS[key]) KEYS[key]();
    else if (act && buttonOf(act, here)) press(act);
    else return false;
    return true;
  }

  function pressed(event) {
    const { key, target } = event;
    if (isOff() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest("input, select, textarea, dialog")) return;
    if (key === " " && (target.closest("button, summary") || !here || !one("details", here))) return;
    const both = before + key;
    before = key === "g" ? "g " : "";
    if (run(both) || run(key)) event.preventDefault();
  }

  // From the edge a swipe belongs to the browser.
  function swiped({ changedTouches: [{ clientX, clientY }] }) {
    const from = touch.clientX, across = clientX - from, far = Math.abs(across), row = rowOf(touch.target);
    if (isOff() || !row || from < 24 || from > innerWidth - 24 || far < 70 || far < 2 * Math.abs(clientY - touch.clientY)) return;
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

  on("submit", submitted);
  on("keydown", pressed);
  on("focusin", ({ target }) => rowOf(target) && stand(rowOf(target)));
  on("click", ({ target }) => target.closest("a") && leave(rowOf(target)));
  on("pageshow", () => one(`${ROW}:target`) && focus(one(":target")));
  on("pagehide", () => waiting.slice(1).forEach(send));
  if (bar && matchMedia("(pointer: coarse)").matches) thumbs();
  // In one browser keys are switched off by a box.
  if (box) {
    box.disabled = false;
    box.checked = !localStorage.keys;
    box.onchange = () => (localStorage.keys = box.checked ? "" : "off");
  }
})();
