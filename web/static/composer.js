// Where a person writes: words, files, the place where they stand, an answer to one message.

const MAX_TEXT = 20_000;
const MAX_FILE_BYTES = 20_000_000;
const LOCATION_MS = 15_000;

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.words = phone.find(".words");
    this.file = phone.find(".file");
    this.note = phone.find(".reply-note");
    this.replied = null;
    phone.find(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.words.addEventListener("keydown", (event) => this.key(event));
    this.words.addEventListener("input", () => this.grow());
    phone.find(".attach").addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => this.sendFiles());
    phone.find(".locate").addEventListener("click", () => this.locate());
    phone.find(".reply-cancel").addEventListener("click", () => this.cancelReply());
    phone.root.addEventListener("paste", (event) => this.paste(event));
  }

  // Enter sends, Shift+Enter starts a line; an Enter that ends a Vietnamese syllable being composed is neither.
  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const text = this.words.value.trim();
    if (!text) return;
    if (text.length > MAX_TEXT) {
      this.phone.toast(this.phone.words.too_long);
      return;
    }
    this.words.value = "";
    this.words.inputMode = "text";
    this.grow();
    this.phone.say(text);
    this.words.focus();
  }

  askPhone() {
    this.words.inputMode = "tel";
    this.words.focus();
  }

  prefill(text) {
    this.words.value = text;
    this.grow();
    this.words.focus();
  }

  grow() {
    this.words.style.height = "auto";
    this.words.style.height = `${this.words.scrollHeight + 2}px`;
  }

  // The elements of another network's app: which files its field takes, and whether it stands before the signs.
  suit({ accept, fieldFirst }) {
    const { words } = this.phone;
    this.accepted ??= this.file.accept;
    this.takesPhotosOnly = Boolean(accept);
    this.file.accept = accept ?? this.accepted;
    const label = accept ? words.send_photo : words.attach;
    const button = this.phone.find(".attach");
    if (fieldFirst) button.before(this.words);
    else this.phone.find(".send").before(this.words);
    button.setAttribute("aria-label", label);
    button.title = label;
  }

  sendFiles(files = this.file.files) {
    for (const file of [...files]) {
      if (this.takesPhotosOnly && !file.type.startsWith("image/")) this.phone.toast(this.phone.words.photos_only);
      else if (file.size > MAX_FILE_BYTES) this.phone.toast(this.phone.words.file_too_big);
      else this.phone.sendFile(file);
    }
    this.file.value = "";
  }

  paste(event) {
    const files = event.clipboardData?.files ?? [];
    if (files.length === 0) return;
    event.preventDefault();
    this.sendFiles(files);
  }

  locate() {
    const { words } = this.phone;
    if (!window.isSecureContext || !navigator.geolocation) {
      this.phone.toast(words.location_insecure);
      return;
    }
    this.phone.toast(words.locating);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const location = { latitude: coords.latitude, longitude: coords.longitude };
        this.phone.send({ location });
      },
      (error) => this.phone.toast(error.code === error.PERMISSION_DENIED ? words.location_refused : words.location_failed),
      { enableHighAccuracy: true, timeout: LOCATION_MS, maximumAge: 60_000 },
    );
  }

  replyTo(message) {
    this.replied = message;
    this.note.hidden = false;
    this.note.querySelector(".reply-words").textContent = message.text.split("\n")[0].slice(0, 80);
    this.words.focus();
  }

  cancelReply() {
    this.replied = null;
    this.note.hidden = true;
  }

  // The answer's address, once.
  takeReply() {
    const body = this.replied ? { reply_to: this.replied.id, chat: this.replied.chat } : {};
    this.cancelReply();
    return body;
  }
}
