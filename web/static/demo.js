// The demo: four phones on the real endpoints, a clock that moves, and the list of what was sent to whom.

import { Phone, readWords } from "./phone.js";
import { Stream } from "./stream.js";
import { clock, day, element } from "./text.js";

const SENDINGS_MS = 1500;
const words = readWords();
const byId = (id) => document.getElementById(id);
const phones = [];

async function json(address, options) {
  const response = await fetch(address, options);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

// --- clock ---

let offset = 0;

function showClock() {
  const now = new Date(Date.now() + offset);
  byId("clock-time").textContent = clock(now);
  byId("clock-time").dateTime = now.toISOString();
  byId("clock-day").textContent = day(now);
}

function setClock({ now }) {
  offset = new Date(now).getTime() - Date.now();
  showClock();
}

async function move(button) {
  const buttons = [...document.querySelectorAll("[data-to]")];
  buttons.forEach((each) => (each.disabled = true));
  byId("clock-note").textContent = words.moving;
  try {
    const answer = await json("/demo/clock", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ to: button.dataset.to }),
    });
    setClock(answer);
    byId("clock-note").textContent = answer.moved ? "" : words.no_deadline;
  } catch {
    byId("clock-note").textContent = words.clock_failed;
  }
  buttons.forEach((each) => (each.disabled = false));
  button.focus();
  await showSendings();
}

// --- what was sent to whom ---

let shown = "";

function row(sending) {
  const line = element("tr", `state-${sending.state}`);
  const at = new Date(sending.at);
  const when = element("td", "when");
  when.append(element("span", "", clock(at)), " ", element("span", "date", day(at)));
  line.append(
    when,
    element("td", "to", sending.to),
    element("td", "kind", sending.kind),
    cellWith("state", element("span", "chip", sending.state_word)),
    element("td", "first-words", sending.words),
  );
  return line;
}

function cellWith(className, node) {
  const cell = element("td", className);
  cell.append(node);
  return cell;
}

async function showSendings() {
  const { sendings } = await json("/demo/outbox");
  const now = JSON.stringify(sendings);
  if (now === shown) return;
  shown = now;
  const nothing = element("tr");
  const cell = element("td", "nothing", words.no_sendings);
  cell.colSpan = 5;
  nothing.append(cell);
  byId("sendings").replaceChildren(...(sendings.length ? sendings.map(row) : [nothing]));
}

function keepShowingSendings() {
  showSendings()
    .catch(() => {}) // the phones say when the service is away
    .finally(() => setTimeout(keepShowingSendings, SENDINGS_MS));
}

// --- phones, and one at a time on a narrow screen ---

function choose(panels, tabs, chosen) {
  panels.forEach((panel, index) => panel.classList.toggle("is-chosen", index === chosen));
  tabs.forEach((tab, index) => tab.setAttribute("aria-selected", String(index === chosen)));
  tabs[chosen].classList.remove("has-news");
  phones[chosen]?.toBottom();
}

function makeTabs(panels, titles) {
  const tabs = titles.map((title, index) => {
    const tab = element("button", "person", title);
    tab.type = "button";
    tab.setAttribute("role", "tab");
    tab.addEventListener("click", () => choose(panels, tabs, index));
    return tab;
  });
  byId("people").append(...tabs);
  phones.forEach((phone, index) => {
    phone.hasNews = () => tabs[index].classList.toggle("has-news", !panels[index].classList.contains("is-chosen"));
  });
  choose(panels, tabs, 0);
}

// --- the look of a phone ---

// What stands above the chat: whose look it is, and the service as that app names it.
function dress(phone, { role, title, looks }) {
  const box = element("select", "look-choice");
  box.append(...looks.map((look) => new Option(words[`look_${look}`], look)));
  box.value = phone.look;
  const label = element("label", "look-label");
  label.append(element("span", "visually-hidden", `${words.look}: ${title}`), box);
  const office = byId("phones").dataset.office;
  const name = element("p", "app-name", office);
  const manner = element("p", "app-manner");
  const badge = element("span", "app-badge", office.trim()[0]);
  badge.setAttribute("aria-hidden", "true");
  const strip = element("div", "app-head");
  const lines = element("div");
  lines.append(name, manner);
  strip.append(badge, lines);
  phone.find(".phone-head").append(label);
  phone.find(".phone-head").after(strip);
  box.addEventListener("change", () => wish(phone, role, box));
  phone.worn = (look) => {
    box.value = look;
    manner.textContent = words[`look_${look}`];
  };
}

async function wish(phone, role, box) {
  const look = box.value;
  try {
    await json("/demo/looks", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ role, look }),
    });
    phone.toast(words[`about_${look}`]);
  } catch {
    box.value = phone.look;
    phone.toast(words.look_failed);
  }
}

function makePhone(person) {
  const { role, title, token } = person;
  const phone = new Phone({
    title,
    role,
    token,
    storageKey: `danvan.demo.${token.slice(0, 12)}`,
    welcome: byId(role === "citizen" ? "welcome" : `waiting-${role}`),
    words,
  });
  phone.root.classList.add("panel");
  dress(phone, person);
  return phone;
}

async function begin() {
  const people = (await json("/demo/identities")).phones;
  phones.push(...people.map(makePhone));
  byId("phones").append(...phones.map((phone) => phone.root));
  makeTabs(
    [...phones.map((phone) => phone.root), byId("panel-sendings")],
    [...people.map((person) => person.title), byId("sendings-title").textContent],
  );
  setClock(await json("/demo/clock"));
  setInterval(showClock, 1000);
  document.querySelectorAll("[data-to]").forEach((button) => button.addEventListener("click", () => move(button)));
  keepShowingSendings();
  await new Stream(phones).run();
}

begin();
