// The citizen's page: one phone, whose token is made with the first message and kept on this device.

import { Phone, readWords } from "./phone.js";
import { Stream } from "./stream.js";

const TOKEN = "danvan.token";
const INVITE = /^#ma=([\w-]{4,40})$/;

const place = document.getElementById("chat");
const words = readWords();

function remembered() {
  try {
    return localStorage.getItem(TOKEN) ?? "";
  } catch {
    return "";
  }
}

function remember(token) {
  try {
    if (token) localStorage.setItem(TOKEN, token);
    else localStorage.removeItem(TOKEN);
  } catch {
    // without storage the chat lives as long as the page
  }
}

let making = null;

async function makeToken() {
  const response = await fetch("/chat/identities", { method: "POST" });
  if (!response.ok) throw new Error(String(response.status));
  const { token } = await response.json();
  remember(token);
  phone.token = token;
  stream.restart();
  return token;
}

function getToken() {
  if (phone.token) return Promise.resolve(phone.token);
  making ??= makeToken().finally(() => (making = null));
  return making;
}

const phone = new Phone({
  title: place.dataset.title,
  name: place.dataset.name,
  token: remembered(),
  getToken,
  storageKey: "danvan",
  welcome: document.getElementById("welcome"),
  words,
});
// The service no longer knows this token (its data were cleared): begin anew.
phone.tokenGone = () => {
  phone.token = "";
  remember("");
};
place.append(phone.root);

const stream = new Stream([phone]);
stream.run();

// A link of an invitation carries its code behind #, where no server sees it.
const invite = INVITE.exec(location.hash);
if (invite) {
  history.replaceState(null, "", location.pathname);
  phone.composer.prefill(`${words.invite} ${invite[1]}`);
}
