// What a tap may mean: the same rules as myotome.atlas.hits, on the outlines that the server sends.
// Pure functions; coordinates are sheet units times `fine`.

export const MOST = 6;
const SEEN = 5;

function insideRings(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    const n = ring.length;
    for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
      const yi = ring[i + 1], yj = ring[j + 1];
      if ((yi > y) !== (yj > y) && x < ((ring[j] - ring[i]) * (y - yi)) / (yj - yi) + ring[i]) inside = !inside;
    }
  }
  return inside;
}

/** Distance from (x, y) to the area of `rings`; 0 inside, Infinity where there is none. */
export function distance(rings, x, y) {
  if (!rings.length) return Infinity;
  if (insideRings(rings, x, y)) return 0;
  let least = Infinity;
  for (const ring of rings) {
    const n = ring.length;
    for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
      const ax = ring[j], ay = ring[j + 1], dx = ring[i] - ax, dy = ring[i + 1] - ay;
      const length = dx * dx + dy * dy;
      const t = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
      least = Math.min(least, Math.hypot(x - ax - t * dx, y - ay - t * dy));
    }
  }
  return least;
}

/**
 * At most six parts that a tap may mean, likeliest first: what is seen there, what is seen within `reach`, what lies
 * deeper there, and last the other side of a part already offered.
 * @param parts targets as sent: {kind, name, depth, seen, all?}
 * @param mirrored both sides are drawn; x is negative on the person's left
 * @param side the side of a plate that shows one
 */
export function candidates(parts, x, y, reach, mirrored, side) {
  const seen = [], under = [], again = [];
  const sides = mirrored ? (x >= 0 ? [[x, "right"], [-x, "left"]] : [[-x, "left"], [x, "right"]]) : [[x, side]];
  parts.forEach((part, order) => sides.forEach(([px, who], number) => {
    const found = { kind: part.kind, name: part.name, side: who, order, off: distance(part.seen, px, y) };
    if (found.off <= reach) (number ? again : seen).push(found);
    else if (!number && distance(part.all ?? part.seen, px, y) === 0) under.push({ ...found, off: 0 });
  }));
  const sorted = (list) => list.sort((a, b) => a.off - b.off || a.order - b.order);
  const first = sorted(seen), deeper = sorted(under), room = deeper.length ? SEEN : MOST;
  return [...first.slice(0, room), ...deeper, ...first.slice(room), ...sorted(again)].slice(0, MOST)
    .map(({ kind, name, side }) => ({ kind, name, side }));
}

/** The region nearest to a tap: {region, off}. `x` is sheet x, positive on the person's right. */
export function nearestRegion(regions, x, y, mirrored) {
  let best = null;
  for (const region of regions) {
    for (const [px, side] of mirrored && !region.midline ? [[x, "right"], [-x, "left"]] : [[Math.abs(x) * (mirrored ? 1 : Math.sign(x) || 1), mirrored ? "both" : "right"]]) {
      const off = Math.min(distance([region.ring], px, y), region.midline && mirrored ? distance([region.ring], -px, y) : Infinity);
      if (!best || off < best.off) best = { region, side, off };
    }
  }
  return best;
}
