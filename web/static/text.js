// Text of a message as nodes: emergency numbers can be called, codes copied, our own links opened.
// No look-behind in the patterns: phones before 2023 do not know it.

const NUMBER = "PA-[A-HJ-NP-Z2-9]{3}-[2-9]{3}";
const SECRET = "[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]";
const LINK = "https?:\\/\\/[^\\s<>\"«»]*[^\\s<>\"«».,;:!?)]";
const PARTS = new RegExp(`(${LINK})|\\b(${SECRET}|${NUMBER})\\b|\\b(11[1-5])\\b`, "g");

const ZONE = "Asia/Ho_Chi_Minh";
const CLOCK = new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("vi-VN", {
  timeZone: ZONE, weekday: "long", day: "2-digit", month: "2-digit", year: "numeric",
});

export const clock = (moment) => CLOCK.format(moment);
export const day = (moment) => DAY.format(moment);

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// `copied(code)` is called when a code was copied. `isPlain`: nothing but links, as in the app of another network.
export function textNodes(text, { words, copied, isTrusted, isPlain = false }) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(PARTS)) {
    const [found, link, code, number] = match;
    const node = link
      ? isTrusted && ownLink(link)
      : isPlain
        ? null
        : code
          ? codeButton(code, words, copied)
          : standsAlone(text, match.index, found.length) && callLink(number, words);
    if (!node) continue;
    nodes.push(document.createTextNode(text.slice(end, match.index)), node);
    end = match.index + found.length;
  }
  nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}

// «113/114/115» are numbers to call; «114/KH-UBND», «112.000 đồng» and «0115» are not.
function standsAlone(text, start, length) {
  const before = text.slice(Math.max(0, start - 1), start);
  const after = text.slice(start + length, start + length + 2);
  return !/[\p{L}\d.,-]/u.test(before) && !/^(\p{L}|-|\/\p{L}|[.,]\d)/u.test(after);
}

function callLink(number, words) {
  const link = element("a", "call", number);
  link.href = `tel:${number}`;
  link.setAttribute("aria-label", `${words.call} ${number}`);
  return link;
}

function ownLink(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (!["http:", "https:"].includes(url.protocol)) return null;
  const link = element("a", "", address);
  link.href = url.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function codeButton(code, words, copied) {
  const button = element("button", "code", code);
  button.type = "button";
  button.title = words.copy;
  button.setAttribute("aria-label", `${words.copy} ${code}`);
  button.addEventListener("click", async () => {
    if (await copy(code)) copied(code);
  });
  return button;
}

async function copy(code) {
  try {
    await navigator.clipboard.writeText(code);
    return true;
  } catch {
    return copyOldWay(code);
  }
}

// Without https there is no clipboard object; the old command still works there.
function copyOldWay(code) {
  const field = element("textarea", "visually-hidden");
  field.value = code;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
