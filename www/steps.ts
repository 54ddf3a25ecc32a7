// Training steps of a run's snapshots.

/** The snapshot nearest to a step; null without any. */
export function nearest(steps: readonly { step: number }[], step: number) {
  if (steps.length === 0) return null;
  const away = steps.map((each) => Math.abs(each.step - step));
  return away.indexOf(Math.min(...away));
}
