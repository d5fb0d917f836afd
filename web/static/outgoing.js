// What a phone has still to send: in order, one at a time, again and again until the service has it.
// Texts survive a reload; a file lives only as long as the page.

const LONGEST_PAUSE_MS = 15_000;

// The service breaks on this very message: so many answers 500 in a row, then the next one has its turn.
const MOST_BREAKS = 5;

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outgoing {
  // `getToken`: resolves to the token, made on the first message; `changed(item)` is told of every step.
  constructor({ getToken, storageKey, changed }) {
    this.getToken = getToken;
    this.storageKey = storageKey;
    this.changed = changed;
    this.items = this.load();
    this.isBusy = false;
    addEventListener("online", () => this.hurry?.());
  }

  // Queue a message; `file` is handed over first.
  add(body, file = null) {
    const item = { body: { client_msg_id: newId(), ...body }, file, state: "sending", sentence: "" };
    this.items.push(item);
    this.save();
    this.changed(item);
    this.work();
    return item;
  }

  discard(item) {
    this.items = this.items.filter((each) => each !== item);
    this.save();
  }

  async work() {
    if (this.isBusy) return;
    this.isBusy = true;
    let pause = 1000;
    for (let item; (item = this.items.find((each) => each.state !== "failed")); ) {
      const outcome = await this.attempt(item).catch(() => ({ again: true }));
      item.breaks = outcome.broke ? (item.breaks ?? 0) + 1 : 0;
      if (outcome.again && item.breaks < MOST_BREAKS) {
        this.mark(item, "retrying", outcome.sentence);
        await this.rest(outcome.seconds ? outcome.seconds * 1000 : pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      } else {
        pause = 1000;
        if (outcome.sent) this.discard(item);
        this.mark(item, outcome.sent ? "sent" : "failed", outcome.sentence);
        this.save();
      }
    }
    this.isBusy = false;
  }

  async attempt(item) {
    const token = await this.getToken();
    const headers = { Authorization: `Bearer ${token}` };
    if (item.file && !item.body.file) {
      const form = new FormData();
      form.append("file", item.file, item.file.name);
      const answer = await read(await fetch("/chat/files", { method: "POST", headers, body: form }));
      if (!answer.sent) return answer;
      item.body.file = answer.value.ref;
    }
    return read(
      await fetch("/chat/messages", {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json" },
        body: JSON.stringify(item.body),
      }),
    );
  }

  mark(item, state, sentence = "") {
    item.state = state;
    item.sentence = sentence;
    this.changed(item);
  }

  rest(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  load() {
    try {
      const bodies = JSON.parse(localStorage.getItem(this.storageKey) ?? "[]");
      return bodies.map((body) => ({ body, file: null, state: "sending", sentence: "" }));
    } catch {
      return [];
    }
  }

  save() {
    const kept = this.items.filter((item) => item.state !== "failed" && (!item.file || item.body.file));
    try {
      localStorage.setItem(this.storageKey, JSON.stringify(kept.map((item) => item.body)));
    } catch {
      // without storage the messages live as long as the page
    }
  }
}

// 429, 502, 503 and 504 pass by themselves, 500 perhaps; any other refusal stands.
async function read(response) {
  const value = await response.json().catch(() => ({}));
  if (response.ok) return { sent: true, value };
  const again = response.status === 429 || response.status === 408 || response.status >= 500;
  return { again, broke: response.status === 500, seconds: value.retry_after, sentence: value.error };
}
