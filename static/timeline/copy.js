"use strict";

/* Beside each text to be taken along: a button that copies it. Without this file, or where the browser
   lets no page copy, the text can be selected. */

(() => {
  if (!navigator.clipboard) return;
  const { copy, copied } = document.querySelector("[data-copy]").dataset;
  for (const box of document.querySelectorAll("[data-copy] [readonly]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: copy });
    button.setAttribute("aria-label", `${copy}: ${box.labels[0]?.textContent ?? box.ariaLabel}`);
    button.addEventListener("click", async () => {
      box.select();
      await navigator.clipboard.writeText(box.value);
      button.textContent = copied;
      setTimeout(() => { button.textContent = copy; }, 2000);
    });
    box.after(button);
  }
})();
