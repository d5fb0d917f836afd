// Sends each chosen file by itself and shows how far it is. Without this script the form sends them all.
// A file whose answer was lost is sent again under the same id, by which the service knows it.

const TRIES = 3;
const REST_MS = 1000;

const form = document.querySelector("#upload");
const finish = document.querySelector("#finish");
const list = document.querySelector("#sending");
const problems = document.querySelector("#problems");

if (form) {
  const chooser = form.querySelector("#file");
  const words = form.dataset;
  let sending = Promise.resolve();
  let left = 0;

  form.querySelector("button").hidden = true;
  chooser.addEventListener("change", () => {
    problems.replaceChildren();
    for (const file of chooser.files) add(file);
    chooser.value = "";
  });

  function add(file) {
    const line = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const state = document.createElement("span");
    name.className = "file-name";
    name.textContent = file.name;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    state.className = "file-state";
    state.textContent = words.waiting;
    line.append(name, bar, state);
    list.append(line);
    if (file.size > Number(words.limit)) {
      end(line, words.large, false);
      return;
    }
    left += 1;
    finish.querySelector("button").disabled = true;
    sending = sending.then(() => send(file, line, bar));
  }

  function send(file, line, bar) {
    const body = new FormData();
    body.append("luot", crypto.randomUUID?.() ?? `f${Date.now()}-${Math.random().toString(36).slice(2)}`);
    body.append("file", file);
    return tried(body, line, bar, 1);
  }

  function tried(body, line, bar, count) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.responseType = "json";
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
      });
      request.addEventListener("loadend", () => {
        const isLost = request.status === 0 || request.status === 503;
        if (isLost && count < TRIES) {
          setTimeout(() => done(tried(body, line, bar, count + 1)), REST_MS);
          return;
        }
        answered(request, line);
        done();
      });
      request.send(body);
    });
  }

  function answered(request, line) {
    left -= 1;
    finish.querySelector("button").disabled = left > 0;
    const answer = request.response;
    if (request.status !== 200 || !answer) {
      end(line, answer?.error ?? words.failed, false);
      return;
    }
    const problem = answer.problems[0];
    end(line, problem ?? words.sent, !problem);
    show(answer);
  }

  function end(line, text, isGood) {
    line.className = isGood ? "good" : "bad";
    line.querySelector("progress").remove();
    line.querySelector(".file-state").textContent = text;
  }

  function show({ files, room }) {
    const received = document.querySelector(".received");
    received.querySelector("#files").textContent = files;
    received.hidden = files === 0;
    finish.hidden = files === 0;
    form.querySelector("#room").textContent = room;
    chooser.disabled = room === 0;
  }
}
