"use strict";

/* The page works without this file. After a swap it keeps what a reader had opened, moves the
   focus where the swapped link was, and lets the boxes follow the address; it narrows long lists. */

(() => {
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  let open = [];

  const showNarrow = () => {
    for (const box of document.querySelectorAll("input.narrow[hidden]")) box.hidden = false;
  };

  const narrow = (box) => {
    const wanted = fold(box.value);
    for (const option of box.parentElement.querySelectorAll(".option")) {
      option.hidden = !fold(option.textContent).includes(wanted);
    }
  };

  const follow = () => {
    const asked = new URLSearchParams(window.location.search);
    for (const name of ["q", "from", "to", "order"]) {
      const box = document.getElementById(name);
      if (box && box !== document.activeElement) box.value = asked.get(name) || "";
    }
    const certain = document.getElementById("certain");
    if (certain) certain.checked = asked.get("certain") === "1";
  };

  for (const kind of ["input", "change"]) {
    /* The boxes that narrow a list ask the server nothing. */
    document.addEventListener(kind, (event) => {
      if (!event.target.matches("input.narrow")) return;
      event.stopPropagation();
      narrow(event.target);
    }, true);
  }

  document.addEventListener("htmx:beforeSwap", () => {
    open = [...document.querySelectorAll("details.more[open]")].map((one) => {
      const box = one.querySelector("input.narrow");
      return [one.parentElement.id, box ? box.value : ""];
    });
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    showNarrow();
    for (const [id, typed] of open) {
      const one = document.querySelector(`#${id} details.more`);
      if (!one) continue;
      one.open = true;
      const box = one.querySelector("input.narrow");
      if (box && typed) { box.value = typed; narrow(box); }
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
      if (event.detail.xhr && event.detail.xhr.status === 400) return;
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
