// What a person did and the service has not confirmed yet: bubbles on their way, buttons being pressed.

import { waitingBubble } from "./bubble.js";

const PRESS_MS = 8000;

export class Waiting {
  constructor(phone) {
    this.phone = phone;
    this.bubbles = new Map(); // client_msg_id -> node
    this.files = new Map(); // client_msg_id -> File, to show it without fetching it
    this.keys = new Map(); // client_msg_id -> button being pressed
  }

  // One step of a message on its way; see Outgoing.
  show(item) {
    if ("press" in item.body) this.showPress(item);
    else this.showBubble(item);
  }

  showPress(item) {
    if (item.state === "failed") this.release(item.body.client_msg_id);
    if (item.sentence) this.phone.toast(item.sentence);
  }

  showBubble(item) {
    const id = item.body.client_msg_id;
    if (item.file) this.files.set(id, item.file);
    if (item.state === "sent" && !this.bubbles.has(id)) return; // the stream was faster
    const node = waitingBubble(item, this.phone.words, () => {
      this.phone.outgoing.discard(item);
      this.drop(id);
    });
    this.drop(id);
    this.bubbles.set(id, node);
    this.phone.log(item.body.chat ?? this.phone.chat).node.append(node);
    this.phone.showWelcome();
    if (item.state === "sending") this.phone.toBottom();
  }

  // The message itself has arrived.
  drop(id) {
    this.bubbles.get(id)?.remove();
    this.bubbles.delete(id);
  }

  hold(id, key) {
    key.classList.add("is-waiting");
    this.keys.set(id, key);
    setTimeout(() => this.release(id), PRESS_MS);
  }

  release(id) {
    this.keys.get(id)?.classList.remove("is-waiting");
    this.keys.delete(id);
  }

  releaseAll() {
    for (const id of [...this.keys.keys()]) this.release(id);
  }
}
