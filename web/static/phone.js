// The phone: one person's chats, with a place to write. The chat page has one, the demo has four.

import { bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { fileNode } from "./files.js";
import { bigKeyboard, elementsOf } from "./looks.js";
import { Outgoing } from "./outgoing.js";
import { day, element } from "./text.js";
import { Waiting } from "./waiting.js";

const NEAR_BOTTOM_PX = 120;
const TOAST_MS = 5000;

export function readWords() {
  return JSON.parse(document.getElementById("words").textContent);
}

export class Phone {
  // `token` may come later: `getToken` makes it on the first message. `welcome`: what an empty chat shows.
  constructor({ title, name = "", role = "citizen", token = "", getToken, storageKey, welcome, words }) {
    this.words = words;
    this.token = token;
    this.chat = "";
    this.current = "";
    this.look = "webchat";
    this.logs = new Map(); // chat -> {node, messages: Map(id -> {node, message}), isUnread}
    this.waiting = new Waiting(this);
    this.welcome = welcome;
    this.root = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.root.querySelector(selector);
    this.dress(title, name, role);
    this.composer = new Composer(this);
    this.outgoing = new Outgoing({
      getToken: getToken ?? (async () => this.token),
      storageKey: `${storageKey}.unsent`,
      changed: (item) => this.waiting.show(item),
    });
    this.find(".jump").addEventListener("click", () => this.toBottom());
    this.find(".log").addEventListener("scroll", () => this.hideJump(), { passive: true });
    this.open("");
    this.outgoing.items.forEach((item) => this.waiting.show(item));
    this.outgoing.work();
  }

  dress(title, name, role) {
    this.root.classList.add(`role-${role}`);
    this.root.setAttribute("aria-label", title);
    this.find(".badge").textContent = title.trim()[0];
    this.find(".who-title").textContent = title;
    this.find(".who-name").textContent = name;
    this.find(".who-name").hidden = !name;
  }

  // --- what the stream brings ---

  takeWho(who) {
    if (who === null) {
      this.tokenGone?.();
      return;
    }
    this.chat = who.chat;
    this.rooms = who.rooms;
    this.wear(who.look);
    if (who.name && who.name !== this.find(".who-title").textContent) {
      this.find(".who-name").textContent = [who.name, who.unit].filter(Boolean).join(" · ");
      this.find(".who-name").hidden = false;
    }
    this.adopt(who.chat);
    this.drawTabs();
  }

  takeMessage(message) {
    const log = this.log(message.chat);
    const known = log.messages.get(message.id);
    const stays = !this.isReady || this.isAtBottom() || message.from === "me";
    this.waiting.drop(message.client_msg_id);
    if (message.from === "me" && message.text === "/start") message.text = this.words.start;
    const node = bubble(message, this);
    if (known) known.node.replaceWith(node);
    else this.insert(log, message, node);
    log.messages.set(message.id, { node, message });
    this.waiting.releaseAll();
    this.drawBigKeyboard();
    if (message.chat === this.current) {
      this.showWelcome();
      if (!this.isReady) this.toBottom();
      else if (stays && !known) this.show(node);
      else if (!known) this.find(".jump").hidden = false;
    } else if (this.isReady && !known && message.from !== "me") {
      log.isUnread = true;
      this.drawTabs();
    }
    if (this.isReady && !known && message.from !== "me") this.hasNews?.();
  }

  // From now on in the manner of this network: what was shown already is drawn again.
  wear(look) {
    if (look === this.look) return;
    this.root.classList.remove(`look-${this.look}`);
    this.root.classList.add(`look-${look}`);
    this.look = look;
    this.composer.suit(elementsOf(look));
    for (const { messages } of this.logs.values()) {
      for (const known of messages.values()) {
        const node = bubble(known.message, this);
        known.node.replaceWith(node);
        known.node = node;
      }
    }
    this.drawBigKeyboard();
    this.toBottom();
    this.worn?.(look);
  }

  // It stands as long as its question is the last message.
  drawBigKeyboard() {
    const panel = this.find(".big-keyboard");
    const last = [...this.log(this.current).node.querySelectorAll(".message")].at(-1);
    const asking = [...this.log(this.current).messages.values()].find(({ node }) => node === last)?.message;
    const isOpen = elementsOf(this.look).hasBigKeyboard && asking && (asking.ask_location || asking.ask_contact);
    panel.replaceChildren(...(isOpen ? bigKeyboard(asking, this) : []));
    panel.hidden = !isOpen;
  }

  // The history is complete: what comes from now on is news, read out and followed.
  takeReady() {
    this.isReady = true;
    this.find(".log").setAttribute("aria-busy", "false");
    this.toBottom();
  }

  takeToast({ client_msg_id: id, text }) {
    this.waiting.release(id);
    if (text) this.toast(text);
  }

  takeConnection(isUp) {
    const line = this.find(".connection");
    clearTimeout(this.connectionTimer);
    if (isUp) {
      line.hidden = true;
      return;
    }
    // A short break that mends itself is not worth a word.
    this.connectionTimer = setTimeout(() => {
      line.textContent = this.words.offline;
      line.hidden = false;
    }, 3000);
  }

  // --- what the person does ---

  say(text) {
    const body = this.composer.takeReply();
    this.send({ text, ...body });
  }

  sendFile(file) {
    this.send({}, file);
  }

  press(message, button, key) {
    if (!button.payload) {
      this.say(button.label); // a key that only types
      return;
    }
    const item = this.send({ press: button.payload, message_id: message.id, chat: message.chat });
    this.waiting.hold(item.body.client_msg_id, key);
  }

  locate() {
    this.composer.locate();
  }

  replyTo(message) {
    this.composer.replyTo(message);
  }

  copied = (code) => this.toast(`${this.words.copied} ${code}`);

  send(body, file = null) {
    const chat = body.chat ?? this.current;
    const item = this.outgoing.add(chat && chat !== this.chat ? { ...body, chat } : withoutChat(body), file);
    this.toBottom();
    return item;
  }

  // --- chats of this phone ---

  isRoom(chat) {
    return chat !== this.chat;
  }

  log(chat) {
    if (!this.logs.has(chat)) {
      const node = element("div", "messages");
      node.hidden = chat !== this.current;
      this.find(".log").append(node);
      this.logs.set(chat, { node, messages: new Map(), lastDay: "", isUnread: false });
    }
    return this.logs.get(chat);
  }

  // Before the service has said which chat is ours, ours is called "".
  adopt(chat) {
    const nameless = this.logs.get("");
    if (!nameless) return;
    this.logs.delete("");
    this.logs.set(chat, nameless);
    if (this.current === "") this.current = chat;
  }

  open(chat) {
    this.current = chat;
    const log = this.log(chat);
    log.isUnread = false;
    for (const [name, each] of this.logs) each.node.hidden = name !== chat;
    this.composer.cancelReply();
    this.showWelcome();
    this.drawTabs();
    this.drawBigKeyboard();
    this.toBottom();
  }

  drawTabs() {
    const rooms = this.rooms ?? [];
    const bar = this.find(".chats");
    bar.hidden = rooms.length === 0;
    const tabs = [...rooms, { chat: this.chat, title: this.words.private }];
    bar.replaceChildren(...tabs.map(({ chat, title }) => this.tab(chat, title)));
    if (rooms.length > 0 && !this.hasOpenedRoom) {
      this.hasOpenedRoom = true;
      this.open(rooms[0].chat);
    }
  }

  tab(chat, title) {
    const isUnread = this.logs.get(chat)?.isUnread ?? false;
    const tab = element("button", "chat-tab", title);
    tab.type = "button";
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", String(chat === this.current));
    if (isUnread) tab.append(element("span", "dot"), element("span", "visually-hidden", ` (${this.words.unread})`));
    tab.addEventListener("click", () => this.open(chat));
    return tab;
  }

  // --- the list of messages ---

  insert(log, message, node) {
    const later = [...log.messages.values()].find((each) => Number(each.message.id) > Number(message.id));
    if (later) {
      later.node.before(node);
      return;
    }
    const name = day(new Date(message.at));
    const firstWaiting = log.node.querySelector(".waiting");
    if (name !== log.lastDay) {
      log.lastDay = name;
      log.node.insertBefore(element("p", "day", name), firstWaiting);
    }
    log.node.insertBefore(node, firstWaiting);
  }

  showWelcome() {
    const log = this.logs.get(this.current);
    const isEmpty = log.messages.size === 0 && !log.node.querySelector(".waiting");
    let node = log.node.querySelector(".welcome");
    if (!isEmpty) node?.remove();
    if (!isEmpty || node || !this.welcome) return;
    node = this.welcome.content.firstElementChild.cloneNode(true);
    node.querySelector(".start")?.addEventListener("click", () => this.send({ text: "/start" }));
    log.node.prepend(node);
  }

  isAtBottom() {
    const log = this.find(".log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM_PX;
  }

  toBottom() {
    const log = this.find(".log");
    log.scrollTop = log.scrollHeight;
    this.find(".jump").hidden = true;
  }

  // To the end of the list; but a message taller than the screen is read from its beginning.
  show(node) {
    const log = this.find(".log");
    this.toBottom();
    const hidden = log.getBoundingClientRect().top - node.getBoundingClientRect().top;
    if (hidden > 0) log.scrollTop -= hidden + 8;
  }

  hideJump() {
    if (this.isAtBottom()) this.find(".jump").hidden = true;
  }

  toast(text) {
    const node = this.find(".toast");
    node.textContent = text;
    node.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => (node.hidden = true), TOAST_MS);
  }

  fileNode(message, file, number) {
    return fileNode(this, message, file, number);
  }
}

function withoutChat(body) {
  const { chat, ...rest } = body;
  return rest;
}
