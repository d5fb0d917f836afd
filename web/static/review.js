// Makes the review page quicker to work with. Everything here can also be done by the links and forms alone.

const narrow = matchMedia("(max-width: 59.99rem)");
const keysOff = "soat-phim-tat-tat";
const halves = new Map(["van-ban", "viec"].map((id) => [id, document.getElementById(id)]));
const tabs = [...document.querySelectorAll("[data-tab]")];
const items = [...document.querySelectorAll(".item")];
const text = document.getElementById("document");
const dialog = document.getElementById("keys");
let current = -1;

document.documentElement.classList.add("scripted");

// --- the two halves on a phone -----------------------------------------------------------------------------

function showHalf(id) {
  for (const [name, half] of halves) half.classList.toggle("away", name !== id);
  for (const tab of tabs) tab.setAttribute("aria-selected", String(tab.dataset.tab === id));
}

function asTabs() {
  const list = tabs[0].parentElement;
  list.setAttribute("role", "tablist");
  for (const tab of tabs) {
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", tab.dataset.tab);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      showHalf(tab.dataset.tab);
      scrollTo({ top: 0 });
    });
    tab.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      const other = tabs.find((each) => each !== tab);
      showHalf(other.dataset.tab);
      other.focus();
    });
  }
  showHalf("viec");
}

// --- a duty and its place ----------------------------------------------------------------------------------

function placesOf(number) {
  return [...text.querySelectorAll("[data-numbers]")].filter((place) => place.dataset.numbers.split(" ").includes(number));
}

function choose(index, { focus = true, scroll = true } = {}) {
  if (index < 0 || index >= items.length) return;
  current = index;
  const item = items[index];
  for (const each of items) each.classList.toggle("current", each === item);
  const places = placesOf(item.dataset.number);
  for (const place of text.querySelectorAll(".place")) place.classList.toggle("current", places.includes(place));
  if (focus) item.focus({ preventScroll: true });
  if (!scroll) return;
  item.scrollIntoView({ block: "nearest" });
  if (!narrow.matches && places.length > 0) places[0].scrollIntoView({ block: "center" });
}

// The duty of this number; where the filter hides it by now, the next one.
function chooseNumber(number, options) {
  choose(items.findIndex((item) => Number(item.dataset.number) >= Number(number)), options);
}

function toPlace() {
  const [place] = current < 0 ? [] : placesOf(items[current].dataset.number);
  if (!place) return;
  showHalf("van-ban");
  place.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
}

function toItem(number) {
  showHalf("viec");
  chooseNumber(number);
}

text.addEventListener("click", (event) => {
  const place = event.target.closest(".place");
  if (!place || String(getSelection())) return;
  if (!place.dataset.numbers) return showHalf("viec"); // and the link leads to what was not understood
  event.preventDefault();
  const numbers = place.dataset.numbers.split(" ");
  const shown = current < 0 ? "" : items[current].dataset.number;
  // Pressed again, a place of several duties leads to the next of them.
  toItem(numbers[(numbers.indexOf(shown) + 1) % numbers.length]);
});

document.getElementById("viec").addEventListener("click", (event) => {
  const item = event.target.closest(".item");
  if (event.target.closest(".to-place")) {
    if (item) choose(items.indexOf(item), { focus: false, scroll: false });
    showHalf("van-ban");
    if (item) {
      event.preventDefault();
      toPlace();
    }
  } else if (item && !event.target.closest("a, button, summary, input, select, textarea, label")) {
    choose(items.indexOf(item), { scroll: !narrow.matches });
  }
});

for (const [index, item] of items.entries()) {
  item.addEventListener("focusin", () => index !== current && choose(index, { focus: false }));
}

// --- keys --------------------------------------------------------------------------------------------------

const acts = {
  j: () => choose(current + 1),
  k: () => choose(current < 0 ? 0 : current - 1),
  e: () => {
    const details = items[current]?.querySelector("details");
    if (!details) return;
    showHalf("viec");
    details.open = true;
    details.querySelector("textarea").focus();
  },
  x: () => items[current]?.querySelector(".toggle").click(),
  "?": () => dialog.showModal(),
};

function isWriting(target) {
  return target.closest("input, select, textarea, dialog[open]") !== null;
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  if (event.key === "Enter" && event.target.matches(".place[data-numbers]")) {
    event.preventDefault();
    event.target.click();
    return;
  }
  if (event.key === "Enter" && event.target.matches(".item")) {
    event.preventDefault();
    toPlace();
    return;
  }
  if (event.key !== "?" && localStorage.getItem(keysOff)) return;
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.getElementById("keys-open").addEventListener("click", () => dialog.showModal());
const keysOn = document.getElementById("keys-on");
keysOn.checked = !localStorage.getItem(keysOff);
keysOn.addEventListener("change", () => {
  if (keysOn.checked) localStorage.removeItem(keysOff);
  else localStorage.setItem(keysOff, "1");
});

// --- a duty that was missed --------------------------------------------------------------------------------

// How many characters stand before a point; the server counts whole characters, the browser half ones.
function placeOf(node, offset) {
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest("[data-start]");
  if (!piece || !text.contains(piece) || node.nodeType !== Node.TEXT_NODE) return null;
  return Number(piece.dataset.start) + [...node.data.slice(0, offset)].length;
}

function selectedPlace() {
  const selection = getSelection();
  if (selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = placeOf(range.startContainer, range.startOffset);
  const end = placeOf(range.endContainer, range.endOffset);
  if (start === null || end === null || start >= end) return null;
  return { start, end, words: String(selection).replace(/\s+/g, " ").trim() };
}

const bar = document.getElementById("select-bar");
let chosen = null;
document.addEventListener("selectionchange", () => {
  const found = selectedPlace();
  if (found) chosen = found;
  bar.hidden = !found;
});
bar.querySelector("button").addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
bar.querySelector("button").addEventListener("click", () => {
  const form = document.querySelector("#them form");
  form.elements.start.value = chosen.start;
  form.elements.end.value = chosen.end;
  form.elements.title.value = chosen.words.slice(0, 300);
  getSelection().removeAllRanges();
  showHalf("viec");
  document.getElementById("them").open = true;
  form.elements.title.focus();
});

// --- where to begin ----------------------------------------------------------------------------------------

asTabs();
const problem = document.querySelector("form .problem");
const named = /^#viec-(\d+)$/.exec(location.hash);
if (problem) {
  const item = problem.closest(".item");
  if (item) choose(items.indexOf(item), { focus: false });
  problem.closest("form").elements.time.focus();
} else if (named) {
  chooseNumber(named[1]);
} else if (location.hash.startsWith("#doan-")) {
  showHalf("van-ban");
}
