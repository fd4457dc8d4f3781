"use strict";

/* In a frame of another page: tells that page how high the results are, and nothing else. */

(() => {
  if (window.parent === window) return;
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    window.parent.postMessage({ cadre: "height", height }, "*");
  };
  new ResizeObserver(tell).observe(document.documentElement);
  window.addEventListener("message", (event) => {
    if (event.source === window.parent && event.data && event.data.cadre === "tell") tell();
  });
  tell();
})();
