"use strict";
// What pages cannot do by themselves. All of it is extra: without a script codes
// and tokens are typed.

// A sign-in link carries the token behind the '#', which browsers send to nobody.
for (const form of document.querySelectorAll("form[data-sign-in]")) {
  const signIn = () => {
    const token = decodeURIComponent(location.hash.slice(1));
    if (!token.startsWith("linli_")) return;
    history.replaceState(null, "", location.pathname + location.search);
    form.elements.token.value = token;
    form.requestSubmit();
  };
  addEventListener("hashchange", signIn);
  signIn();
}

// Forms that send the phone's position ask for it first.
for (const form of document.querySelectorAll("form[data-position]")) {
  if (!navigator.geolocation) continue;
  form.hidden = false;
  const button = form.querySelector("button");
  const said = form.querySelector("[role=alert]");
  const named = button.textContent;
  let found = false;
  form.addEventListener("submit", (event) => {
    if (found) return;
    event.preventDefault();
    said.textContent = "";
    button.disabled = true;
    button.textContent = form.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      (position) => {
        found = true;
        form.elements.lat.value = position.coords.latitude;
        form.elements.lng.value = position.coords.longitude;
        form.submit();
      },
      (error) => {
        button.disabled = false;
        button.textContent = named;
        said.textContent = error.code === error.PERMISSION_DENIED ? form.dataset.denied : form.dataset.unavailable;
      },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 30000 },
    );
  });
}

// Pages that wait for somebody else look again.
for (const waiting of document.querySelectorAll("[data-look-again]")) {
  setTimeout(() => location.replace(location.pathname), 1000 * Number(waiting.dataset.lookAgain));
}

// Notices on this phone, once its owner allows them.
for (const form of document.querySelectorAll("form[data-push]")) {
  if (!("serviceWorker" in navigator && "PushManager" in window)) continue;
  form.hidden = false;
  const said = form.querySelector("[role=alert]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        said.textContent = form.dataset.denied;
        return;
      }
      const worker = await navigator.serviceWorker.register("/sw.js");
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.push });
      const { endpoint, keys } = made.toJSON();
      form.elements.endpoint.value = endpoint;
      form.elements.p256dh.value = keys.p256dh;
      form.elements.auth.value = keys.auth;
      form.submit();
    } catch {
      said.textContent = form.dataset.unavailable;
    }
  });
}
