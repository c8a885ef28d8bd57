"use strict";
// Shows notices that are pushed while no page is open.
addEventListener("push", (event) => {
  const notice = event.data.json();
  event.waitUntil(
    registration.showNotification(notice.title, { body: notice.body, tag: notice.id, requireInteraction: notice.urgent }),
  );
});
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow("/"));
});
