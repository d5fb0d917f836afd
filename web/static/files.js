// Files in a message: pictures are shown, the rest is opened by a press. Each is fetched with the phone's token.

import { element } from "./text.js";

export function fileNode(phone, message, file, number) {
  const own = phone.waiting.files.get(message.client_msg_id);
  if (own?.type.startsWith("image/")) return picture(URL.createObjectURL(own), file.name);
  if (message.from !== "service") return element("p", "file-name", file.name);
  if (file.kind === "photo") return laterPicture(phone, message, file, number);
  return file.kind === "voice" ? player(phone, message, file, number) : opener(phone, message, file, number);
}

// A recording is fetched by a press and then plays here; what the browser cannot play is saved instead.
function player(phone, message, file, number) {
  const frame = element("div", "sound-frame");
  const button = element("button", "file-name", file.name);
  button.type = "button";
  button.title = phone.words.open_file;
  button.addEventListener("click", () =>
    load(phone, message, number)
      .then((content) => {
        const sound = element("audio", "sound");
        sound.controls = true;
        sound.addEventListener("error", () => save(content, file.name), { once: true });
        sound.src = URL.createObjectURL(content);
        frame.replaceChildren(sound);
      })
      .catch(() => phone.toast(phone.words.file_gone)),
  );
  frame.append(button);
  return frame;
}

function picture(address, name) {
  const image = element("img", "picture");
  image.src = address;
  image.alt = name;
  return image;
}

function laterPicture(phone, message, file, number) {
  const frame = element("div", "picture-frame");
  frame.append(opener(phone, message, file, number));
  load(phone, message, number)
    .then((content) => {
      const stays = phone.isAtBottom();
      const image = picture(URL.createObjectURL(content), file.name);
      if (stays) image.addEventListener("load", () => phone.toBottom(), { once: true });
      frame.replaceChildren(image);
    })
    .catch(() => {}); // the button stays and tells when it is pressed
  return frame;
}

function opener(phone, message, file, number) {
  const button = element("button", "file-name", file.name);
  button.type = "button";
  button.title = phone.words.open_file;
  button.addEventListener("click", () =>
    load(phone, message, number)
      .then((content) => save(content, file.name))
      .catch(() => phone.toast(phone.words.file_gone)),
  );
  return button;
}

async function load(phone, message, number) {
  const response = await fetch(`/chat/files/${message.id}/${number}`, {
    headers: { Authorization: `Bearer ${phone.token}` },
  });
  if (!response.ok) throw new Error(String(response.status));
  return response.blob();
}

function save(content, name) {
  const link = element("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
