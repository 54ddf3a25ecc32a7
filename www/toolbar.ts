// Buttons that are one stop of the Tab key: arrow keys move between them.

/** @param name of what the buttons are for, read out */
export function toolbar(element: HTMLElement, name: string) {
  element.setAttribute("role", "toolbar");
  element.setAttribute("aria-label", name);
  const buttons = () => [...element.querySelectorAll<HTMLElement>("button")].filter((each) => !each.hidden);
  const stopAt = (stop: HTMLElement | undefined) => {
    for (const each of buttons()) each.tabIndex = each === stop ? 0 : -1;
  };
  stopAt(buttons()[0]);
  element.addEventListener("focusin", ({ target }) => stopAt(buttons().find((each) => each === target)));
  element.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.findIndex((each) => each === document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (at < 0 || step === undefined) return;
    all.at((at + step) % all.length)?.focus();
    event.preventDefault();
    event.stopPropagation();
  });
  /** One of them may have come or gone. */
  return () => {
    const all = buttons();
    if (!all.some(({ tabIndex }) => tabIndex === 0)) stopAt(all[0]);
  };
}
