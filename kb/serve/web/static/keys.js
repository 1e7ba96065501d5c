// Keys and the copy button. Every page works without this file.
"use strict";

document.documentElement.classList.add("scripted");
const box = document.getElementById("q");
const places = () => [...document.querySelectorAll("a[data-item]")].filter((link) => link.offsetParent !== null);

const writes = (element) =>
  element instanceof HTMLElement && (element.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

const move = (step) => {
  const links = places();
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
  links[next].focus({ preventScroll: true });
  links[next].scrollIntoView({ block: "center" });
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && document.activeElement === box) {
    box.blur();
  } else if (event.key === "Enter" && !event.shiftKey && event.target === box && box.tagName === "TEXTAREA") {
    event.preventDefault();
    if (box.value.trim()) box.form.requestSubmit();
  } else if (!writes(document.activeElement)) {
    if (event.key === "/" && box) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      move(event.key === "j" ? 1 : -1);
    }
  }
});

for (const button of document.querySelectorAll("button[data-copies]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).innerText.trim());
    button.textContent = "Copied";
  });
}
