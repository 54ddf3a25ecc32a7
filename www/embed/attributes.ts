// The attributes of an <adder-scope> as properties.

import * as asked from "./asked.js";
import { base as ours } from "./base.js";

/** Where there is no document, as in Node.js, the module can be imported and nothing more. */
const Base = (globalThis as { HTMLElement?: typeof HTMLElement }).HTMLElement ?? (class {} as typeof HTMLElement);

export const OBSERVED = ["base", "hide", "src", "state", "still", "theme", "view"];

export class Attributes extends Base {
  get view(): string {
    return asked.viewOf(this.getAttribute("view") ?? "");
  }
  set view(view: string) {
    this.setAttribute("view", view);
  }

  get theme(): asked.ThemeAsked {
    return asked.THEMES.find((theme) => theme === this.getAttribute("theme")) ?? "auto";
  }
  set theme(theme: string) {
    this.setAttribute("theme", theme);
  }

  get hide(): string {
    return this.getAttribute("hide") ?? "";
  }
  set hide(hide: string) {
    this.setAttribute("hide", hide);
  }

  get src(): string | null {
    return this.getAttribute("src");
  }
  set src(src: string | null) {
    if (src === null) this.removeAttribute("src");
    else this.setAttribute("src", src);
  }

  /** The address of an AdderScope site, which has the models that `model=` names, and which *Open in AdderScope* leads to. */
  get base(): string | null {
    const base = this.getAttribute("base");
    if (base === null) return ours;
    const { origin, pathname } = new URL(base, document.baseURI);
    // A folder, whether its slash is there or not; the page in it is as good.
    return origin + pathname.replace(/\/[^/]*\.html$/, "/").replace(/\/?$/, "/");
  }
  set base(base: string) {
    this.setAttribute("base", base);
  }

  /** Takes properties that were set before the element was defined. */
  protected upgrade(names: readonly (keyof this & string)[]) {
    for (const name of names) {
      if (!Object.hasOwn(this, name)) continue;
      const value: unknown = this[name];
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
  }
}
