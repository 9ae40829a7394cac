/*
Leaves this site at once: the page goes blank, the harmless page takes its place in the history.
By the link marked data-safe-exit, or by pressing Shift three times within two seconds (and nothing else between).
*/
const WITHIN_MS = 2000;
const TIMES = 3;
const link = document.querySelector("[data-safe-exit]");
let presses = [];

function leave(event) {
  event?.preventDefault();
  document.title = "";
  document.body.replaceChildren();
  window.location.replace(link.href);
}

function countShift(event) {
  if (event.repeat) return;
  if (event.key !== "Shift") {
    presses = [];
    return;
  }
  presses = [...presses, event.timeStamp].filter((moment) => event.timeStamp - moment < WITHIN_MS);
  if (presses.length >= TIMES) leave();
}

if (link) {
  link.addEventListener("click", leave);
  document.addEventListener("keydown", countShift);
  // A page kept by the browser must not come back blank, nor show again what one left.
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
}
