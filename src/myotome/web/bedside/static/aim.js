// Open the chart where the points of the plan lie: as near as all of a plate's points allow.

const ROOM = 45, LEAST = 170; // sheet units round the outermost points, and the least that is shown
const NAME = "plan-points";

/** Show the plate with most of these rows ({at, side}); *Turn* leads to the others. */
export async function aim(app, rows) {
  const { chart } = app, plates = new Map();
  await chart?.ready;
  for (const row of rows) if (row.at) plates.set(row.at[0], [...(plates.get(row.at[0]) ?? []), row]);
  if (!plates.size || !chart?.plates) return;
  const side = app.side === "left" ? "left" : "right";
  for (const [id, here] of plates) chart.views[id] = { ...chart.views[id], [NAME]: viewOf(chart.plates[id], here, side) };
  const most = [...plates].sort((a, b) => b[1].length - a[1].length).map(([id]) => [id, "surface", NAME]);
  await chart.open({ ...chart.region, id: "plan", plates: most }, { side });
}

/** The window round the points, as the stage takes it: of the right side, turned over where the left is looked at. */
function viewOf({ facing, view }, rows, side) {
  const mirrored = facing !== "right", xs = rows.map((row) => (mirrored && row.side === "left" ? -row.at[1] : row.at[1])), ys = rows.map((row) => row.at[2]);
  const span = (list) => { const low = Math.min(...list), high = Math.max(...list), wide = Math.max(LEAST, high - low + 2 * ROOM); return [(low + high - wide) / 2, wide]; };
  const [x, w] = span(xs), [y, h] = span(ys), top = Math.max(y, view[1] - ROOM);
  const straight = !mirrored || (facing === "back") === (side === "right");
  return [straight ? x : -x - w, top, w, h];
}
