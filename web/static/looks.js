// In whose manner a phone shows its messages: the elements that this network's own app has. Whatever is a limit
// (the length of a message, how many buttons, no edits, no files) was decided by the service before.

import { element } from "./text.js";

const ELEMENTS = {
  webchat: { keys: "numbered", isOurs: true },
  telegram: { keys: "inline", hasBigKeyboard: true, hidesPresses: true },
  zalo_oa: { keys: "list", mostKeys: 5, fieldFirst: true },
  zalo_bot: { keys: "none", accept: "image/*", fieldFirst: true },
};

export const elementsOf = (look) => ELEMENTS[look] ?? ELEMENTS.webchat;

// The buttons that this network would show under the message.
export function buttonsOf(message, look) {
  const { keys, mostKeys = Infinity } = elementsOf(look);
  const asksPhone = elementsOf(look).hasBigKeyboard && (message.ask_location || message.ask_contact);
  if (keys === "none" || asksPhone || message.buttons.flat().length > mostKeys) return [];
  return message.buttons;
}

// Telegram's big keyboard below the field: the keys of the question that stands, each typing its own label.
export function bigKeyboard(message, phone) {
  const rows = [];
  if (message.ask_location) rows.push([[phone.words.key_location, () => phone.locate()]]);
  if (message.ask_contact) rows.push([[phone.words.key_contact, () => phone.composer.askPhone()]]);
  for (const row of message.buttons) rows.push(row.map(({ label }) => [label, () => phone.say(label)]));
  return rows.map((row) => {
    const line = element("div", "keyboard-row");
    for (const [label, act] of row) {
      const key = element("button", "key", label);
      key.type = "button";
      key.addEventListener("click", act);
      line.append(key);
    }
    return line;
  });
}
