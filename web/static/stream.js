// One event stream for all phones of a page. It resumes from the last `seq` of every chat.

const QUIET_MS = 40_000; // the service says something every 15 s
const LONGEST_PAUSE_MS = 10_000;

export class Stream {
  // `phones`: objects with token, takeWho(who), takeMessage(message), takeToast(toast), takeReady(),
  // takeConnection(isUp).
  constructor(phones) {
    this.phones = phones;
    this.since = {};
    this.pause = 0;
    this.controller = null;
    this.skipPause = () => {};
    addEventListener("online", () => this.skipPause());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.skipPause();
    });
  }

  // Open the stream again, for instance because a phone got its token only now.
  restart() {
    this.pause = 0;
    this.skipPause();
    this.controller?.abort();
  }

  async run() {
    for (;;) {
      const listening = this.phones.filter((phone) => phone.token);
      if (listening.length > 0) {
        try {
          await this.listen(listening);
        } catch {
          // every ending is the same to us: wait a little and open it again
        }
        for (const phone of listening) phone.takeConnection(false);
      } else {
        this.pause = LONGEST_PAUSE_MS;
      }
      await this.rest();
    }
  }

  async rest() {
    const milliseconds = this.pause;
    this.pause = Math.min(Math.max(this.pause * 2, 500), LONGEST_PAUSE_MS);
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.skipPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.skipPause = () => {};
  }

  async listen(phones) {
    this.controller = new AbortController();
    const { signal } = this.controller;
    const response = await fetch("/chat/events", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ tokens: phones.map((phone) => phone.token), since: this.since }),
      signal,
    });
    if (!response.ok) throw new Error(String(response.status));
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const timer = setTimeout(() => this.controller.abort(), QUIET_MS);
      const { value, done } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      const parts = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = parts.pop();
      this.pause = 0;
      for (const part of parts) this.take(part, phones);
      for (const phone of phones) phone.takeConnection(true);
    }
  }

  take(part, phones) {
    const event = /^event: (\w+)$/m.exec(part)?.[1];
    const data = /^data: (.*)$/m.exec(part)?.[1];
    if (!event || !data) return; // a heartbeat
    const value = JSON.parse(data);
    if (event === "ready") phones.forEach((phone) => phone.takeReady());
    if (event === "who") {
      value.identities.forEach((who, index) => phones[index].takeWho(who));
      return;
    }
    if (event === "message") {
      this.since[value.chat] = Math.max(this.since[value.chat] ?? 0, value.seq);
    }
    const phone = phones.find((each) => each.chat === value.to);
    if (event === "message") phone?.takeMessage(value);
    if (event === "toast") phone?.takeToast(value);
  }
}
