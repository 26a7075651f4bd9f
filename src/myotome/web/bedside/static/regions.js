// The regions of the chart and the runs of the spine, as the catalogue lists them.

import { t } from "./texts.js";

/** The region of the chart for a region of the tables (as areas, muscles and tests name it). */
export function regionOf({ regions }, name) {
  return regions.find((one) => one.of[0] === name) ?? regions.find((one) => one.of.includes(name)) ?? regions[2];
}

/** What a region is called. */
export const titleOf = ({ id }) => t(`chart.region-${id}`);

/** The levels of a run of the spine; none for a name that is no run. */
export function levelsOf({ runs }, id) {
  return runs.find((one) => one.id === id)?.levels;
}
