"use strict";

/* The page works without this file. It narrows long lists and keeps what was typed to narrow them;
   after a swap it moves the focus where the swapped link was, and lets the boxes follow the
   address. */

(() => {
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[œæßøłđı]/g, (letter) => ({ œ: "oe", æ: "ae", ß: "ss", ø: "o", ł: "l", đ: "d", ı: "i" })[letter])
    .replace(/[^\p{L}\p{N}]+/gu, " ");
  let narrowed = [];
  let dragged = false;

  const showNarrow = () => {
    for (const box of document.querySelectorAll("input.narrow[hidden]")) box.hidden = false;
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
    for (const name of ["q", "from", "to", "order", "asof"]) {
      const box = document.getElementById(name);
      if (box && box !== document.activeElement) box.value = asked.get(name) || "";
    }
    const certain = document.getElementById("certain");
    if (certain) certain.checked = asked.get("certain") === "1";
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
    const asked = new URL(event.detail.path, window.location.href).searchParams;
    const opened = [...document.querySelectorAll("#carried [name=options]")].map((one) => one.value);
    if (opened.length && !asked.has("options")) event.detail.parameters.options = opened;
  });

  document.addEventListener("htmx:beforeSwap", () => {
    narrowed = [...document.querySelectorAll("input.narrow")]
      .filter((box) => box.value)
      .map((box) => [box.parentElement.id, box.value]);
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    showNarrow();
    for (const [id, typed] of narrowed) {
      const box = document.querySelector(`#${id} input.narrow`);
      if (box) { box.value = typed; narrow(box); }
    }
    if (event.target.id.startsWith("options-") && document.activeElement === document.body) {
      const next = event.target.querySelector("input.narrow, a.more");
      if (next) next.focus();
    }
    const heading = document.getElementById("found");
    if (event.target.id === "results" && document.activeElement === document.body && heading) {
      heading.setAttribute("tabindex", "-1");
      heading.focus({ preventScroll: true });
    }
  });

  document.addEventListener("htmx:pushedIntoHistory", follow);
  document.addEventListener("htmx:historyRestore", showNarrow);
  for (const kind of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(kind, (event) => {
      if (event.detail.xhr && [400, 429].includes(event.detail.xhr.status)) return;
      const told = document.getElementById("failure");
      if (told) told.hidden = false;
    });
  }
  document.addEventListener("htmx:beforeRequest", () => {
    const told = document.getElementById("failure");
    if (told) told.hidden = true;
  });
  showNarrow();
})();
