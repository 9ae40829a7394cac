/*
The arrow keys lead to the page before and after (links with rel "prev" and "next"), as reading goes: mirrored from right to left.
Not while somebody types, and not together with another key.
*/
const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
const relations = { ArrowLeft: "prev", ArrowRight: "prev", PageUp: "prev", PageDown: "next", [forward]: "next" };

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest("input, select, textarea")) return;
  const link = document.querySelector(`a[rel="${relations[event.key]}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
