"use strict";

/* The page works without this file. It narrows long lists and keeps what was typed to narrow them;
   after a swap it sees to it that the answer is in sight and the focus where a reader left it, and
   lets the boxes follow the address. */

(() => {
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[œæßøłđı]/g, (letter) => ({ œ: "oe", æ: "ae", ß: "ss", ø: "o", ł: "l", đ: "d", ı: "i" })[letter])
    .replace(/[^\p{L}\p{N}]+/gu, " ");
  let narrowed = [];
  let followed = "";
  let typing = false;
  let dragged = false;

  const show = () => {
    for (const box of document.querySelectorAll("input.narrow[hidden]")) box.hidden = false;
    const found = document.getElementById("see");
    if (found) {
      found.hidden = false;
      found.previousElementSibling.hidden = true;
    }
    oneStop();
  };

  /* What an option is found by beside its label: a name or a code to be said, "" for a slip, which
     is not; null if it is not found, undefined if its label has it. */
  const foundBy = (option, label, wanted) => {
    const has = (name) => fold(name).includes(wanted);
    if (has(label)) return undefined;
    const { names = "", slips = "" } = option.dataset;
    const said = names.split("\n").find(has);
    if (said) return said;
    const code = option.querySelector("input").value;
    if (fold(code).startsWith(wanted)) return code;
    return slips.split("\n").some(has) ? "" : null;
  };

  const narrow = (box) => {
    const wanted = fold(box.value).trim();
    let found = 0;
    for (const option of box.parentElement.querySelectorAll(".option")) {
      const span = option.querySelector("span");
      span.querySelector(".by")?.remove();
      const by = foundBy(option, span.firstChild.textContent, wanted);
      option.hidden = by === null;
      if (by === null) continue;
      found += 1;
      if (!by) continue;
      const said = document.createElement("small");
      said.className = "by";
      said.append(", ", Object.assign(document.createElement("bdi"), { textContent: by }));
      span.firstChild.after(said);
    }
    const none = box.parentElement.querySelector(".none");
    none.textContent = found ? "" : none.dataset.says;
  };

  const follow = () => {
    const asked = new URLSearchParams(window.location.search);
    for (const name of ["q", "from", "to", "asof"]) {
      const box = document.getElementById(name);
      if (box && box !== document.activeElement) box.value = asked.get(name) || "";
    }
  };

  /* To htmx a link inside a drawing is no link, and one mark around many links weighs less. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || !link.closest("[data-swap]") || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!dragged) {
      htmx.ajax("GET", link.getAttribute("href"), { source: link, target: "#results", swap: "outerHTML", push: "true" });
    }
    dragged = false;
  });

  /* A drag over the strip chooses a period, by whole bars. */
  const begins = (strip, number) => {
    const [year, month, day] = strip.dataset.begin.split("-").map(Number);
    const step = Number(strip.dataset.step);
    const first = new Date(0);
    first.setUTCFullYear(year, month - 1 + number * step, step ? 1 : day + number);
    return first;
  };
  const written = (strip, day) => day.toISOString().slice(0, [10, 7, 7, 7][strip.dataset.step] || 4);
  const under = (strip, event) => {
    const { left, width } = strip.getBoundingClientRect();
    const last = Number(strip.dataset.bins) - 1;
    return Math.min(Math.max(Math.floor((event.clientX - left) / width * (last + 1)), 0), last);
  };

  document.addEventListener("pointerdown", (event) => {
    const strip = event.target.closest(".strip svg[data-bins]");
    dragged = false;
    if (!strip || event.button !== 0 || !document.getElementById("filters")) return;
    const from = under(strip, event), start = event.clientX;
    const drawn = strip.querySelector(".drawn"), wide = 100 / Number(strip.dataset.bins);
    let to = from;
    const move = (moved) => {
      if (Math.abs(moved.clientX - start) < 8 && !dragged) return;
      dragged = true;
      to = under(strip, moved);
      drawn.setAttribute("x", `${Math.min(from, to) * wide}%`);
      drawn.setAttribute("width", `${(Math.abs(to - from) + 1) * wide}%`);
      drawn.setAttribute("visibility", "visible");
    };
    const leave = () => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", release);
      document.removeEventListener("pointercancel", leave);
      drawn.setAttribute("visibility", "hidden");
    };
    const release = () => {
      leave();
      if (!dragged) return;
      const last = begins(strip, Math.max(from, to) + 1);
      last.setUTCDate(last.getUTCDate() - 1);
      document.getElementById("from").value = written(strip, begins(strip, Math.min(from, to)));
      document.getElementById("to").value = written(strip, last);
      document.getElementById("filters").requestSubmit();
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", release);
    document.addEventListener("pointercancel", leave);
  });
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest(".strip svg")) event.preventDefault();
  });

  /* A drawing is one stop of the Tab key. Inside it arrows lead to the nearest link on that side; a
     link far off the line counts as further away. */
  const drawing = (within) => within.closest("figure svg")?.closest("figure");
  const linksOf = (figure) => [...figure.querySelectorAll("svg a")].filter((link) => link.getClientRects().length);
  const stopAt = (figure, chosen) => {
    for (const link of linksOf(figure)) link.setAttribute("tabindex", link === chosen ? "0" : "-1");
  };
  const oneStop = () => {
    for (const figure of document.querySelectorAll("figure:has(svg a)")) stopAt(figure, linksOf(figure)[0]);
  };
  const middle = (link) => {
    const { left, right, top, bottom } = link.getBoundingClientRect();
    return [(left + right) / 2, (top + bottom) / 2];
  };
  const sides = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, -1], ArrowDown: [1, 1] };
  const beside = (from, [axis, sign]) => {
    const here = middle(from);
    let nearest = null, least = Infinity;
    for (const link of linksOf(drawing(from))) {
      const there = middle(link), along = sign * (there[axis] - here[axis]);
      const far = along + 4 * Math.abs(there[1 - axis] - here[1 - axis]);
      if (along > .5 && far < least) [nearest, least] = [link, far];
    }
    return nearest;
  };
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest("a"), figure = link && drawing(link);
    if (!figure || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = linksOf(figure);
    const next = sides[event.key] ? beside(link, sides[event.key]) : { Home: links[0], End: links.at(-1) }[event.key];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  /* What a mark says, whoever points at it. On a touch screen the first tap on what leaves the page
     names it, and the second follows it. */
  let pointed = null;
  const point = (target, again) => {
    const link = target.closest("a"), figure = link && drawing(link);
    if (!figure || !figure.matches(".shown") || !link.querySelector("title")) return null;
    let line = figure.querySelector(".pointed");
    if (!line) {
      line = Object.assign(document.createElement("p"), { className: "pointed small" });
      line.setAttribute("aria-hidden", "true");
      figure.querySelector("figcaption").before(line);
    }
    line.textContent = link.querySelector("title").textContent + (again ? ` ${figure.dataset.again}` : "");
    return link;
  };
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => { if (event.pointerType !== "touch") point(event.target, false); });
  }
  document.addEventListener("click", (event) => {
    if (event.pointerType !== "touch") return;
    const before = pointed;
    pointed = event.target.closest("[data-swap]") ? null : point(event.target, true);
    if (!pointed || pointed === before) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("focusin", (event) => {
    const figure = event.target.localName === "a" && drawing(event.target);
    if (figure) stopAt(figure, event.target);
  });

  /* Keys move the time that lanes show, where nothing else waits for them. */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = document.activeElement;
    if (at !== document.body && !at.closest("#results")) return;
    if (at.closest("input, select, textarea, .scroll")) return;
    const key = { "=": "+", "−": "-", _: "-" }[event.key] || event.key;
    const link = document.querySelector(`.shown a[data-key="${CSS.escape(key)}"]`);
    if (!link) return;
    event.preventDefault();
    /* A key held down waits until the links that the last step brought are ready. */
    if (document.querySelector(".htmx-request, .htmx-settling, .htmx-added")) return;
    link.focus({ preventScroll: true });
    link.click();
  });

  for (const kind of ["input", "change"]) {
    /* The boxes that narrow a list ask the server nothing. */
    document.addEventListener(kind, (event) => {
      if (!event.target.matches("input.narrow")) return;
      event.stopPropagation();
      narrow(event.target);
    }, true);
  }

  /* A list that a reader opened stays open, whichever link is followed. */
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.target || event.detail.target.id !== "results") return;
    if (sees(event.detail) && pairs(event.detail.formData) === pairs(new URLSearchParams(window.location.search))) {
      event.preventDefault();
      see();
      return;
    }
    const sent = event.detail.parameters;
    if (!sent.q && sent.order === "relevance") delete sent.order;
    const asked = new URL(event.detail.path, window.location.href).searchParams;
    const opened = [...document.querySelectorAll("#carried [name=options]")].map((one) => one.value);
    if (opened.length && !asked.has("options")) event.detail.parameters.options = opened;
  });

  /* A link is known again in the next answer by where it stands and what it says. */
  const known = (link) => {
    const path = [(link.getAttribute("aria-label") || link.textContent).trim(), link.closest(".event")?.querySelector("h3").textContent];
    for (let at = link; at.id !== "results"; at = at.parentElement) path.push(at.localName);
    return path.join(" ");
  };
  const inSight = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  };

  const toHeading = () => {
    const results = document.getElementById("results"), heading = document.getElementById("found");
    heading.focus({ preventScroll: true });
    if (results.getBoundingClientRect().top < 0 || !inSight(heading)) results.scrollIntoView();
  };

  /* On a narrow screen the filters are a sheet over the page. It closes when the focus leaves it. */
  const sheet = (within) => {
    const fold = within && within.closest(".fold[open]");
    return fold && getComputedStyle(fold).position === "fixed" ? fold : null;
  };
  const close = (fold) => {
    fold.open = false;
    const opener = document.querySelector(".to-filters");
    if (opener) opener.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const fold = event.target.closest(".to-filters") && document.querySelector(".fold");
    if (fold) {
      event.preventDefault();
      fold.open = true;
      fold.querySelector("summary").focus();
      return;
    }
    const open = event.target.closest("summary") && sheet(event.target);
    if (!open) return;
    event.preventDefault();
    close(open);
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && sheet(event.target);
    if (open) close(open);
  });
  document.addEventListener("focusout", (event) => {
    const open = sheet(event.target);
    /* A tap beside a field gives the focus to the page around the sheet, which is no way out of it. */
    const next = event.relatedTarget;
    if (open && next && !open.contains(next) && !next.contains(open)) open.open = false;
  });
  /* Its button leads to what the filters find, which is there already unless something else is typed. */
  const pairs = (values) => JSON.stringify([...values].filter(([, value]) => value).sort());
  const sees = (request) => {
    const button = request.triggeringEvent && request.triggeringEvent.submitter;
    return Boolean(button && button.closest(".apply"));
  };
  const see = () => {
    document.querySelector(".fold").open = false;
    toHeading();
  };

  /* What was used keeps the focus if it is still there, else the heading gets it. The page moves
     only to bring these into sight. */
  const lead = () => {
    const results = document.getElementById("results"), heading = document.getElementById("found");
    if (!results || !heading) return;
    if (document.activeElement.id === "at") heading.focus({ preventScroll: true });
    if (document.activeElement === document.body) {
      const same = followed && [...results.querySelectorAll("a:not([rel=next], [rel=prev])")]
        .find((link) => link.getClientRects().length && known(link) === followed);
      for (let fold = same && same.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      (same || heading).focus({ preventScroll: true });
    }
    const at = document.activeElement;
    if (at === heading) {
      toHeading();
    } else if (!sheet(at)) {
      heading.scrollIntoView({ block: "nearest" });
      at.scrollIntoView({ block: "nearest" });
    }
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    const link = event.detail.requestConfig.elt;
    followed = link.closest("#results") ? known(link) : "";
    narrowed = [...document.querySelectorAll("input.narrow")]
      .filter((box) => box.value)
      .map((box) => [box.parentElement.id, box.value]);
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    show();
    for (const [id, typed] of narrowed) {
      const box = document.querySelector(`#${id} input.narrow`);
      if (box) { box.value = typed; narrow(box); }
    }
    if (event.target.id === "results") {
      const { triggeringEvent } = event.detail.requestConfig, kind = triggeringEvent && triggeringEvent.type;
      for (const error of document.querySelectorAll("#filters .error")) {
        const box = document.getElementById(error.id.slice("error-".length));
        if (error.textContent) box.setAttribute("aria-invalid", "true");
        else box.removeAttribute("aria-invalid");
      }
      /* Whoever goes on typing, or chose something in the sheet, finds the message at the field. */
      const wrong = document.getElementById("problems") && kind !== "input" && !typing;
      if (sees(event.detail.requestConfig) || (wrong && kind === "submit")) see();
      else if (wrong && !sheet(document.activeElement)) toHeading();
      else lead();
    }
    if (event.target.id !== "results" && event.target.id === event.detail.target.id && document.activeElement === document.body) {
      const next = event.target.querySelector("input.narrow, a.more");
      if (next) next.focus();
    }
  });

  document.addEventListener("htmx:pushedIntoHistory", follow);
  document.addEventListener("htmx:historyRestore", show);
  /* A failure is said beside what was used. Ticks go back to what is shown; what was typed stays. */
  const places = ".option, .row, .period, .order, .apply, nav, .chips, .stand, .controls, figcaption, figure, li, p";
  const fail = (event) => {
    const { xhr, requestConfig, elt } = event.detail;
    if (xhr.status === 400) return;
    const by = requestConfig.triggeringEvent && requestConfig.triggeringEvent.target;
    const used = elt.id === "filters" && by && by.closest ? by : elt;
    const asked = new URLSearchParams(window.location.search);
    for (const box of document.querySelectorAll("#filters [type=checkbox]")) {
      box.checked = asked.getAll(box.name).includes(box.value);
    }
    const order = document.getElementById("order");
    if (order) order.value = asked.get("order") || "";
    const told = document.getElementById("failures").content.firstElementChild.cloneNode(true);
    for (const words of told.children) words.hidden = words.className !== (xhr.status ? "refused" : "offline");
    /* Who asked too much is told how long to wait. */
    const wait = xhr.status === 429 && new DOMParser().parseFromString(xhr.responseText, "text/html").getElementById("found");
    if (wait) told.textContent = wait.textContent;
    const place = used.id === "filters" ? used.querySelector(".row") : used.closest(places) || used;
    place.after(told);
    told.scrollIntoView({ block: "nearest" });
  };
  for (const kind of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(kind, fail);
  document.addEventListener("htmx:beforeRequest", () => {
    typing = false;
    for (const told of document.querySelectorAll(".failure")) told.remove();
  });
  document.addEventListener("input", (event) => { typing = typing || event.target.matches("#filters input:not([type=checkbox])"); });
  show();
})();
