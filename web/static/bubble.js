// One message as an element. Everything from outside becomes text, never markup.

import { buttonsOf, elementsOf } from "./looks.js";
import { clock, element, textNodes } from "./text.js";

const LONG_LABEL = 40;

// `phone` gives words, look, copied(code), press(message, button), locate(), replyTo(message), openFile(message, n).
export function bubble(message, phone) {
  const side = message.from === "me" ? "mine" : message.from === "service" ? "service" : "other";
  const node = element("article", `message ${side}`);
  if (message.forgotten) {
    node.append(element("p", "body forgotten", phone.words.forgotten), foot(message, phone));
    return node;
  }
  if (message.pressed) node.classList.add("pressed");
  if (message.from === "other" && message.name) node.append(element("p", "sender", message.name));
  const { isOurs, hidesPresses } = elementsOf(phone.look);
  const rows = buttonsOf(message, phone.look);
  const buttons = rows.flat();
  const body = isOurs ? shownText(message.text, buttons) : { words: message.text, isNumbered: false };
  if (message.pressed && hidesPresses) node.hidden = true;
  if (body.words) node.append(text(body.words, message, phone));
  if (message.location) node.append(place(message.location, phone.words));
  message.files.forEach((file, number) => node.append(phone.fileNode(message, file, number)));
  node.append(foot(message, phone));
  if (buttons.length > 0) node.append(keyboard(message, rows, body.isNumbered, phone));
  if (buttons.some(isOfDialogue)) node.classList.add("asks");
  if (!isOurs) return node;
  if (message.ask_location && !buttons.some(asksPlace)) node.append(askedButton(phone.words.send_location, () => phone.locate()));
  if (message.ask_contact) node.append(askedButton(phone.words.type_phone, () => phone.composer.askPhone()));
  return node;
}

// A question of a dialogue is over once it was answered; cards and the list of the morning («d:-») stay open.
function isOfDialogue(button) {
  return /^(?:c|d:\d)/.test(button.payload);
}

// The choice «send the place on the map»: here the key itself does it.
function asksPlace(button) {
  return button.payload.endsWith(":pin");
}

// The numbered lines at the end of the text repeat the buttons: the numbers move onto the buttons.
function shownText(words, buttons) {
  const lines = buttons.map((button, index) => `${index + 1}. ${button.label}`);
  const tail = lines.join("\n");
  if (lines.length === 0 || !words.endsWith(tail)) return { words, isNumbered: false };
  return { words: words.slice(0, -tail.length).trimEnd(), isNumbered: true };
}

function text(words, message, phone) {
  const node = element("p", "body");
  node.append(...textNodes(words, {
    words: phone.words,
    copied: phone.copied,
    isTrusted: message.from === "service",
    isPlain: !elementsOf(phone.look).isOurs,
  }));
  return node;
}

function place([latitude, longitude], words) {
  const node = element("p", "body");
  const point = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const link = element("a", "place", `${words.location_sent}: ${point}`);
  link.href = `geo:${latitude},${longitude}`;
  node.append(link);
  return node;
}

function foot(message, phone) {
  const at = new Date(message.at);
  const node = element("p", "foot");
  if (message.edited) node.append(element("span", "", `${phone.words.edited} `));
  const time = element("time", "", clock(at));
  time.dateTime = message.at;
  node.append(time);
  if (message.from === "service" && phone.isRoom(message.chat)) {
    const reply = element("button", "reply", phone.words.reply_to);
    reply.type = "button";
    reply.addEventListener("click", () => phone.replyTo(message));
    node.prepend(reply);
  }
  return node;
}

function keyboard(message, rows, isNumbered, phone) {
  const node = element("div", "keyboard");
  let number = 0;
  for (const row of rows) {
    const line = element("div", "keyboard-row");
    for (const button of row) {
      number += 1;
      const size = button.label.length > LONG_LABEL ? "key long" : "key";
      const key = element("button", size, isNumbered ? `${number}. ${button.label}` : button.label);
      key.type = "button";
      const locates = message.ask_location && asksPlace(button);
      key.addEventListener("click", () => (locates ? phone.locate() : phone.press(message, button, key)));
      line.append(key);
    }
    node.append(line);
  }
  return node;
}

// A key that helps to answer: it sends the place, or brings up the keys of a telephone.
function askedButton(label, act) {
  const node = element("div", "keyboard");
  const key = element("button", "key", label);
  key.type = "button";
  key.addEventListener("click", act);
  node.append(key);
  return node;
}

// What is on its way: the words with the state of the sending.
export function waitingBubble(item, words, discard) {
  const node = element("article", "message mine waiting");
  const label = item.body.text || item.file?.name || (item.body.location ? words.location_sent : "");
  if (label) node.append(element("p", "body", label === "/start" ? words.start : label));
  const state = element("p", "foot", stateWords(item, words));
  state.setAttribute("role", "status");
  node.append(state);
  if (item.state === "failed") {
    node.classList.add("failed");
    const drop = element("button", "reply", words.discard);
    drop.type = "button";
    drop.addEventListener("click", discard);
    state.append(" ", drop);
  }
  return node;
}

function stateWords(item, words) {
  if (item.state === "sent") return "";
  if (item.state === "failed") return item.sentence || words.not_sent;
  if (item.state === "retrying") return item.sentence || words.retrying;
  return words.sending;
}
