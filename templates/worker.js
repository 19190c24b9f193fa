/* Shows a page of ours where there is no connection (marketplace/offline.py). It keeps that page, and nothing else. */
"use strict";
const KEPT = "isoko-offline";
const PAGE = "{{ page|escapejs }}";
const FILES = [{% for file in files %}"{{ file|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.delete(KEPT)
      .then(() => caches.open(KEPT))
      .then((kept) => kept.addAll([PAGE, ...FILES]))
      .then(() => self.skipWaiting())
  );
});

self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  const opens = event.request.mode === "navigate" && !path.startsWith("/sell/") && !path.startsWith("/admin/");
  if (opens || FILES.includes(path)) {
    event.respondWith(
      fetch(event.request).catch(() => caches.match(opens ? PAGE : path).then((kept) => kept || Response.error()))
    );
  }
});
