// What a tap may mean: the same rules as myotome.atlas.hits, on the outlines that the server sends.
// Pure functions; coordinates are sheet units times `fine`.

export const MOST = 6;
const SEEN = 4;

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
 * At most six parts that a tap may mean, likeliest first: what is seen there, what is seen within `reach`, what lies deeper.
 * @param parts targets as sent: {kind, name, depth, seen, all?}
 * @param mirrored both sides are drawn; x is negative on the person's left
 * @param side the side of a plate that shows one
 */
export function candidates(parts, x, y, reach, mirrored, side) {
  const seen = [], under = [];
  parts.forEach((part, order) => {
    for (const [px, who] of mirrored ? [[x, "right"], [-x, "left"]] : [[x, side]]) {
      const found = { kind: part.kind, name: part.name, side: who, order };
      const off = distance(part.seen, px, y);
      if (off <= reach) seen.push({ ...found, off });
      else {
        const below = distance(part.all ?? part.seen, px, y);
        if (below <= reach) under.push({ ...found, off: below === 0 ? 0 : 1 });
      }
    }
  });
  const sorted = (list) => list.sort((a, b) => a.off - b.off || a.order - b.order);
  const first = sorted(seen), deeper = sorted(under);
  const room = deeper.length ? SEEN : MOST;
  return [...first.slice(0, room), ...deeper, ...first.slice(room)].slice(0, MOST)
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
