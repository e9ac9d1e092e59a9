// The page: pictures come as server-sent events, and each is drawn as it comes. What
// has not changed is left alone, so that focus, selection and scrolling stay.

import { graph } from "./graph.js";
import { alarms, errors, head, html, ledger, table } from "./panels.js";

const narrow = window.matchMedia("(max-width: 40rem)");
const link = document.getElementById("link");
const news = document.getElementById("news");
const hold = document.getElementById("hold");
const main = document.getElementById("pipelines");
let last = null;

function draw(picture) {
  while (main.children.length > picture.pipelines.length) main.lastChild.remove();
  picture.pipelines.forEach((run, i) => {
    const section = main.children[i]?.matches(".pipeline") ? main.children[i] : main.appendChild(frame());
    section.setAttribute("aria-label", run.name);
    put(section, ".at-head", head(run));
    put(section, ".at-alarms", alarms(run));
    put(section, ".graph", graph(run, narrow.matches));
    put(section, ".at-errors", errors(run));
    put(section, ".at-table", table(run));
    put(section, ".at-ledger", ledger(run));
  });
  const limited = picture.pipelines.map((run) => run.nodes.find((n) => n.limits)?.name).filter(Boolean);
  document.title = limited.length ? `▶ ${limited.join(", ")} – ergon` : "ergon";
  write(news, limited.length ? `${limited.join(", ")} limits` : ""); // what a screen reader is told, when it changes
}

function frame() {
  const part = (name, attributes = {}) => html("div", { class: name, ...attributes });
  return html("section", { class: "pipeline" },
    part("at-head"), part("at-alarms"), part("graph", { tabindex: "0", role: "group", "aria-label": "graph" }), part("at-errors"),
    part("scroll at-table", { tabindex: "0", role: "group", "aria-label": "stages" }), part("at-ledger"));
}

function put(section, where, content) {
  const place = section.querySelector(where);
  if (place.firstChild?.isEqualNode(content)) return;
  place.replaceChildren(content);
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function say(text, lost) {
  write(link, text);
  link.classList.toggle("lost", lost);
}

function connect() {
  const events = new EventSource("/ergon/events");
  events.onmessage = (event) => {
    last = JSON.parse(event.data);
    say(hold.getAttribute("aria-pressed") === "true" ? "held" : "live", false);
    if (hold.getAttribute("aria-pressed") !== "true") draw(last);
  };
  events.onerror = () => {
    say("not connected, trying again", true);
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 1000); // the browser has given up
  };
}

hold.addEventListener("click", () => {
  const held = hold.getAttribute("aria-pressed") !== "true";
  hold.setAttribute("aria-pressed", String(held));
  say(held ? "held" : "live", false);
  if (!held && last) draw(last);
});
narrow.addEventListener("change", () => last && draw(last));
main.replaceChildren();
connect();
