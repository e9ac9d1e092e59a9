// What stands around the graph: what matters first, then every figure.

import { count, lasting, percent, rate } from "./figures.js";

export function html(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function head(run) {
  const facts = [html("h2", {}, run.name), html("span", { class: `state ${run.state}` }, run.state)];
  if (run.state !== "not begun") {
    facts.push(
      html("span", {}, lasting(run.seconds)),
      html("span", {}, html("strong", {}, rate(run.rate)), " settled"),
      html("span", {}, `${count(run.ledger.inFlight)} in flight`),
    );
  }
  return html("div", { class: "head" }, ...facts);
}

export function alarms(run) {
  const list = html("ul", { class: "alarms" });
  const limit = run.nodes.find((n) => n.limits);
  if (limit) list.append(html("li", { class: "limits" }, `▶ ${run.state === "ended" ? "limited most" : "limits"}: ${limit.name} (${run.why})`));
  else if (run.state === "running") list.append(html("li", {}, "no stage limits"));
  if (run.failures > 0) list.append(html("li", { class: "fails" }, `✗ failed attempts ${count(run.failures)}`));
  if (run.waiting > 0) list.append(html("li", { class: "waits" }, `↻ waiting ${count(run.waiting)}`));
  if (run.oldest > 0) list.append(html("li", {}, `oldest ${lasting(run.oldest)}`));
  return list;
}

export function errors(run) {
  const list = html("ul", { class: "errors", "aria-label": "last errors" });
  for (const e of run.errors) {
    list.append(html("li", {}, html("span", { class: "ago" }, `${lasting(e.ago)} ago `), html("strong", {}, e.name), `: ${e.text}`));
  }
  return list;
}

// The columns: title, figure, and whether a phone does without it.
const columns = [
  ["rate", (n) => rate(n.rate)],
  ["busy", (n) => (n.workers ? `${n.busy}/${n.workers}` : "")],
  ["at work", (n) => (n.workers ? percent(n.load) : ""), "optional"],
  ["blocked", (n) => (n.workers ? percent(n.blocked) : ""), "optional"],
  ["queued", (n) => (n.workers ? count(n.queued) : "")],
  ["waiting", (n) => (n.workers ? count(n.waiting) : ""), "optional"],
  ["succeeded", (n) => count(n.succeeded), "optional"],
  ["retried", (n) => (n.workers ? count(n.retried) : ""), "optional"],
  ["failed", (n) => (n.workers ? count(n.failed) : "")],
];

export function table(run) {
  const names = columns.map(([title, , when]) => html("th", { scope: "col", class: when ?? "" }, title));
  const rows = run.nodes.filter((n) => n.works).map(row);
  return html("table", {},
    html("caption", {}, `rates of the last ${lasting(run.over)}`),
    html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "stage"), ...names)),
    html("tbody", {}, ...rows));
}

function row(n) {
  const cells = columns.map(([title, figure, when]) => {
    const failed = title === "failed" && n.failed > 0;
    return html("td", { class: `${when ?? ""}${failed ? " failed" : ""}` }, figure(n));
  });
  const name = html("th", { scope: "row", title: n.name }, (n.limits ? "▶ " : "") + n.name);
  return html("tr", { class: n.limits ? "limits" : "", "data-node": n.id }, name, ...cells);
}

const rows = [
  ["fetched", "fetched"], ["acked", "acked"], ["dead-lettered", "deadLettered", true], ["returned", "returned", true],
  ["released", "released", true], ["unsettled", "unsettled", true], ["in flight", "inFlight"],
];

export function ledger(run) {
  return html("dl", { class: "ledger" }, ...rows.map(([title, key, odd]) =>
    html("div", { class: odd && run.ledger[key] > 0 ? "odd" : "" }, html("dt", {}, title), html("dd", {}, count(run.ledger[key])))));
}
