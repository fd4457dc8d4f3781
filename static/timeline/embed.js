"use strict";

/* For pages that frame Cadre: gives each frame the height of what it shows. A frame is heard only
   where the message comes from its own window and from the origin that its address names. */

(() => {
  const frames = () => document.querySelectorAll("iframe[data-cadre]");
  const origin = (frame) => new URL(frame.src, document.baseURI).origin;

  window.addEventListener("message", (event) => {
    const said = event.data;
    if (!said || said.cadre !== "height" || !Number.isFinite(said.height)) return;
    for (const frame of frames()) {
      if (event.source !== frame.contentWindow || event.origin !== origin(frame)) continue;
      frame.height = Math.min(Math.max(said.height, 100), 30000);
    }
  });

  /* Frames that loaded before this script did are asked again. */
  const ask = () => {
    for (const frame of frames()) {
      frame.contentWindow.postMessage({ cadre: "tell" }, origin(frame));
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ask);
  else ask();
})();
