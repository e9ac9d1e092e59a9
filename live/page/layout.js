// Where the nodes of a graph stand: in layers, as far from the source as the longest
// way to them, and within a layer below each other. On a narrow page it is turned.

export const box = { width: 176, height: 92 };
const gap = { along: 84, across: 22 };

export function layout(nodes, edges, upright) {
  const layer = layersOf(nodes, edges);
  const taken = [];
  const places = new Map();
  for (const n of nodes) {
    const at = layer.get(n.id);
    const row = (taken[at] = (taken[at] ?? 0) + 1) - 1;
    places.set(n.id, { layer: at, row });
  }
  const along = upright ? box.height + gap.along / 2 : box.width + gap.along;
  const across = upright ? box.width + gap.across : box.height + gap.across;
  const widest = Math.max(1, ...taken.map((n) => n ?? 0));
  for (const place of places.values()) {
    const shift = ((widest - taken[place.layer]) * across) / 2;
    const a = place.layer * along;
    const b = place.row * across + shift;
    [place.x, place.y] = upright ? [b, a] : [a, b];
  }
  const all = [...places.values()];
  return {
    places,
    width: Math.max(0, ...all.map((p) => p.x)) + box.width,
    height: Math.max(0, ...all.map((p) => p.y)) + box.height,
  };
}

// layersOf returns how far each node is from the source. The nodes are in the order of
// the chain, so those above come first.
function layersOf(nodes, edges) {
  const layer = new Map(nodes.map((n) => [n.id, 0]));
  for (let round = 0; round < nodes.length; round++) {
    let moved = false;
    for (const e of edges) {
      const least = (layer.get(e.from) ?? 0) + 1;
      if (layer.get(e.to) < least && least < nodes.length) {
        layer.set(e.to, least);
        moved = true;
      }
    }
    if (!moved) break;
  }
  const last = Math.max(...layer.values());
  for (const n of nodes) if (n.kind === "settle") layer.set(n.id, last); // it has no way in the graph
  return layer;
}
