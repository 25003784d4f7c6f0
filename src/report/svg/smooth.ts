/**
 * Smoothing for curves of noisy measurements.
 * @module
 */

/**
 * Centred moving average; at the ends the window shrinks, so the curve is neither shifted nor cut.
 * Missing values are skipped and stay missing where they stand.
 *
 * @param window - how many neighbouring points are averaged, itself included; 1 or less changes nothing
 */
export function movingAverage(
  values: readonly (number | null)[],
  window: number,
): (number | null)[] {
  const reach = Math.floor((window - 1) / 2);
  if (reach < 1) return values.slice();
  return values.map((value, at) => {
    if (value === null) return null;
    // Equal reach to both sides, else a slope would bend at the ends.
    const near = Math.min(reach, at, values.length - 1 - at);
    let sum = 0;
    let count = 0;
    for (let i = at - near; i <= at + near; i++) {
      const neighbour = values[i];
      if (typeof neighbour !== 'number') continue;
      sum += neighbour;
      count++;
    }
    return sum / count;
  });
}
