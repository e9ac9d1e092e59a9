// The graph of a pipeline, as SVG. Text is set as text, never as markup.

import { box, layout } from "./layout.js";
import { count, cut, percent, rate } from "./figures.js";

const namespace = "http://www.w3.org/2000/svg";

function svg(name, attributes = {}, text) {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

export function graph(run, upright) {
  const plan = layout(run.nodes, run.edges, upright);
  const margin = 8;
  const root = svg("svg", {
    viewBox: `${-margin} ${-margin} ${plan.width + 2 * margin} ${plan.height + 2 * margin}`,
    width: plan.width + 2 * margin,
    height: plan.height + 2 * margin,
    role: "img",
    "aria-label": `graph of ${run.name}; the table below has the same figures`,
  });
  root.style.minWidth = `${Math.round(0.6 * (plan.width + 2 * margin))}px`; // no smaller than can be read
  root.append(arrowhead());
  for (const e of run.edges) root.append(...edge(e, plan.places, upright));
  for (const n of run.nodes) root.append(node(n, plan.places.get(n.id)));
  return root;
}

function arrowhead() {
  const defs = svg("defs");
  const marker = svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" });
  marker.append(svg("path", { d: "M0 0L8 4L0 8z", class: "arrow" }));
  defs.append(marker);
  return defs;
}

function edge(e, places, upright) {
  const from = places.get(e.from);
  const to = places.get(e.to);
  if (!from || !to) return [];
  const [x1, y1] = upright ? [from.x + box.width / 2, from.y + box.height] : [from.x + box.width, from.y + box.height / 2];
  const [x2, y2] = upright ? [to.x + box.width / 2, to.y - 1] : [to.x - 1, to.y + box.height / 2];
  const bend = upright ? `${x1} ${y1 + 24} ${x2} ${y2 - 24}` : `${x1 + 32} ${y1} ${x2 - 32} ${y2}`;
  const way = svg("path", { d: `M${x1} ${y1}C${bend} ${x2} ${y2}`, class: e.label ? "edge aside" : "edge", "marker-end": "url(#arrow)" });
  if (!e.label) return [way];
  const label = svg("text", { x: x2 - (upright ? -4 : 6), y: y2 - 6, class: "edge-label", "text-anchor": upright ? "start" : "end" }, cut(e.label, 16));
  return [way, label];
}

function node(n, place) {
  const classes = ["node", n.limits ? "limits" : "", n.failing > 0 ? "fails" : ""].join(" ").trim();
  const group = svg("g", { transform: `translate(${place.x} ${place.y})`, class: classes, "data-node": n.id });
  const round = n.kind === "source" || n.kind === "sink" || n.kind === "dead-letter" ? 22 : 7;
  group.append(svg("title", {}, n.name), svg("rect", { class: "box", width: box.width, height: box.height, rx: round }));
  group.append(svg("text", { x: 14, y: 22, class: "name" }, cut(n.name, n.limits ? 14 : 21)));
  if (n.limits) group.append(svg("text", { x: box.width - 14, y: 22, class: "mark", "text-anchor": "end" }, "▶ limits"));
  if (!n.works) {
    group.append(svg("text", { x: 14, y: 42, class: "dim" }, n.kind));
    return group;
  }
  group.append(svg("text", { x: 14, y: 42 }, rate(n.rate)));
  if (n.failed > 0) group.append(svg("text", { x: box.width - 14, y: 42, class: "failed", "text-anchor": "end" }, `✗ ${count(n.failed)}`));
  if (n.workers > 0) group.append(...load(n));
  return group;
}

function load(n) {
  const width = box.width - 28;
  return [
    svg("rect", { class: "track", x: 14, y: 50, width, height: 5, rx: 2.5 }),
    svg("rect", { class: "load", x: 14, y: 50, width: (width * n.load).toFixed(1), height: 5, rx: 2.5 }),
    svg("text", { x: 14, y: 69, class: "dim" }, `${n.busy}/${n.workers} busy`),
    svg("text", { x: box.width - 14, y: 69, class: "dim", "text-anchor": "end" }, n.queued > 0 ? `${count(n.queued)} queued` : ""),
    svg("text", { x: 14, y: 84, class: "dim" }, n.blocked >= 0.005 ? `blocked ${percent(n.blocked)}` : ""),
  ];
}
