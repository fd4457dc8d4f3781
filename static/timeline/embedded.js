"use strict";

/* In a frame of another page: tells that page how high the results are, and nothing else. WordPress
   frames pages in a sandbox, with a secret behind the '#' of the address, and hears only messages of
   its own form; as links of a sandbox cannot open apart, it is asked to follow them. */

(() => {
  if (window.parent === window) return;
  const [, secret] = window.location.hash.match(/[?&]secret=([a-zA-Z0-9]+)/) || [];
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    window.parent.postMessage({ cadre: "height", height }, "*");
    if (secret) window.parent.postMessage({ message: "height", value: height, secret }, "*");
  };
  new ResizeObserver(tell).observe(document.documentElement);
  window.addEventListener("message", (event) => {
    const said = event.source === window.parent && event.data;
    if (said && (said.cadre === "tell" || said.message === "ready")) tell();
  });
  document.addEventListener("click", (event) => {
    const link = secret && window.origin === "null" && event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    const value = new URL(link.getAttribute("href"), document.baseURI).href;
    window.parent.postMessage({ message: "link", value, secret }, "*");
  });
  tell();
})();
