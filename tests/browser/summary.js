// A reporter for node --test: one closing line, "N passed, N failed".

/**
 * @param {AsyncIterable<{type: string, data?: any}>} events
 * @returns {AsyncGenerator<string>}
 */
export default async function* summary(events) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    const isTest = data?.details?.type !== "suite" && (type === "test:pass" || type === "test:fail");
    if (!isTest) continue;
    if (data.skip !== undefined) count.skipped += 1;
    else if (type === "test:pass") count.passed += 1;
    else count.failed += 1;
  }
  const skipped = count.skipped ? `, ${count.skipped} skipped` : "";
  yield `\n${count.passed} passed, ${count.failed} failed${skipped}\n`;
}
