// Training steps of a run's snapshots.

/**
 * The snapshot nearest to a step; null without any.
 * @param {import("./adderscope.js").Step[]} steps
 * @param {number} step
 */
export function nearest(steps, step) {
  if (steps.length === 0) return null;
  const away = steps.map((each) => Math.abs(each.step - step));
  return away.indexOf(Math.min(...away));
}
