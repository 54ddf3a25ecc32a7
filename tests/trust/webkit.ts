// WebKit, driven by WebKitWebDriver: MiniBrowser on a screen that nobody sees. The protocol is W3C WebDriver.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { freePort } from "../browser/harness.js";
import { arrives } from "./playwright.ts";
import { asked, type Engine, type Tab } from "./tab.ts";
import { ELEMENT, pressed } from "./webdriver.ts";

const SCRIPT_MS = 120_000;
const READY_MS = 90_000;

type Command = (method: "GET" | "POST" | "DELETE", path: string, body?: object) => Promise<unknown>;

const commands =
  (base: string): Command =>
  async (method, path, body) => {
    const signal = AbortSignal.timeout(SCRIPT_MS + 10_000);
    const response = await fetch(base + path, { method, signal, ...(body && { body: JSON.stringify(body) }) });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };

/** A screen, and its name. */
async function screen(): Promise<{ server: ChildProcess; display: string }> {
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const said = server.stdio[3] as Readable;
  const display = await new Promise<string>((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", () => reject(new Error("Xvfb gives no screen")));
    said.once("data", (data: Buffer) => resolve(`:${data.toString().trim()}`));
  });
  return { server, display };
}

/** Where Debian puts the browser that comes with the driver. */
async function miniBrowser(): Promise<string> {
  for (const folder of ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec"]) {
    const found = (await readdir(folder).catch(() => [])).filter((each) => each.startsWith("webkit2gtk-4")).sort();
    const last = found.at(-1);
    if (last !== undefined) return join(folder, last, "MiniBrowser");
  }
  throw new Error("MiniBrowser is missing: ./build.sh trust installs it with webkit2gtk-driver");
}

/** In the page: the first element of a way that is to be seen, in the middle of the window. */
const found = (way: string) => {
  const all = way.startsWith("//")
    ? document.evaluate(way, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE)
    : null;
  const each = all
    ? Array.from({ length: all.snapshotLength }, (_, at) => all.snapshotItem(at) as Element)
    : [...document.querySelectorAll(way)];
  const seen = each.find((element) => element.checkVisibility() && element.getClientRects().length > 0);
  seen?.scrollIntoView({ block: "center", behavior: "instant" }); // the bar lies over what is at the top
  return seen ?? null;
};

/** Hears of what goes wrong in the page from here on, and keeps it there. */
const listen = () => {
  const all: string[] = [];
  Object.assign(window, { problems: all });
  addEventListener("error", ({ message }) => all.push(`uncaught: ${message}`));
  addEventListener("unhandledrejection", ({ reason }) => all.push(`uncaught: ${String(reason)}`));
  addEventListener("securitypolicyviolation", ({ violatedDirective }) => all.push(`policy: ${violatedDirective}`));
};

/** The page's first script, where a test's server puts one: the driver tells of nothing that goes wrong. */
export const listener = `(${String(listen)})();`;

function tabOf(command: Command, url: string, downloads: string): Tab {
  const script = (text: string, args: unknown[] = []) => command("POST", "/execute/sync", { script: text, args });
  const element = async (way: string): Promise<object> => {
    for (const end = Date.now() + 30_000; Date.now() < end;) {
      const each = await script(`return (${String(found)})(arguments[0])`, [way]);
      if (typeof each === "object" && each !== null) return each;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    throw new Error(`there is no ${way} to be seen`);
  };
  const ask: Tab["ask"] = async (question, given) => {
    const text = `const done = arguments[0];
      Promise.resolve().then(() => ${asked(question, given)}).then(
        (value) => done({ value: value === undefined ? null : value }), (error) => done({ error: String(error) }));`;
    const answer = (await command("POST", "/execute/async", { script: text, args: [] })) as {
      value?: never;
      error?: string;
    };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value as never;
  };
  const kept: string[] = [];
  /** What was heard on the page that is open. */
  const keep = async () => {
    const heard = await script("return location.protocol === 'about:' ? [] : window.problems?.splice(0) ?? null");
    if (heard === null) throw new Error("the page was served without what listens to it");
    kept.push(...(heard as string[]));
  };
  const act = (...actions: object[]) => command("POST", "/actions", { actions });
  return {
    async go(hash) {
      await keep();
      await command("POST", "/url", { url: "about:blank" });
      await command("POST", "/url", { url: url + hash });
      for (const end = Date.now() + READY_MS; ;) {
        if ((await script("return document.querySelector('[data-ready]') !== null")) === true) return;
        if (Date.now() > end) throw new Error(`${url + hash} does not start`);
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    },
    ask,
    async click(way) {
      const origin = await element(way);
      const pointer = { type: "pointer", id: "mouse", parameters: { pointerType: "mouse" } };
      await act({
        ...pointer,
        actions: [
          { type: "pointerMove", duration: 0, x: 0, y: 0, origin },
          { type: "pointerDown", button: 0 },
          { type: "pointerUp", button: 0 },
        ],
      });
    },
    async press(...keys) {
      await act(pressed(keys));
    },
    async pick(way, paths) {
      const each = (await script("return document.querySelector(arguments[0])", [way])) as Record<string, string>;
      await command("POST", `/element/${each[ELEMENT]}/value`, { text: paths.join("\n") });
    },
    async saved(act) {
      const [file] = await Promise.all([arrives(downloads), act()]);
      return file;
    },
    async problems() {
      const outside = await ask(
        (own) => performance.getEntriesByType("resource").flatMap(({ name }) => (name.startsWith(own) ? [] : [name])),
        url,
      );
      await keep();
      return [...kept.splice(0), ...outside.filter((each) => !/^(blob|data):/.test(each)).map((each) => `outside: ${each}`)];
    },
  };
}

/** A home of its own for the browser, in which its downloads go into a folder. */
async function home() {
  const folder = await mkdtemp(join(tmpdir(), "adderscope-webkit-"));
  const [config, downloads] = [join(folder, "config"), join(folder, "downloads")];
  await Promise.all([mkdir(config), mkdir(downloads)]);
  await writeFile(join(config, "user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  return { folder, config, downloads };
}

/** Ends a program, and waits until it is gone. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill();
  await gone;
}

export async function openWebKit(url: string): Promise<Engine> {
  const [{ server, display }, port, { folder, config, downloads }, binary] = await Promise.all([
    screen(),
    freePort(),
    home(),
    miniBrowser(),
  ]);
  const env = {
    ...process.env,
    DISPLAY: display,
    HOME: folder,
    XDG_CONFIG_HOME: config,
    // With it, it draws two frames a second.
    WEBKIT_DISABLE_COMPOSITING_MODE: "1",
  };
  const driver = spawn("WebKitWebDriver", ["-p", String(port)], { env, stdio: "ignore" });
  const close = async () => {
    await Promise.all([end(driver), end(server)]);
    // The browser's own processes go after its driver, and may still write.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    return await driven(port, { url, binary, downloads }, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function driven(
  port: number,
  { url, binary, downloads }: { url: string; binary: string; downloads: string },
  close: () => Promise<void>,
): Promise<Engine> {
  const all = commands(`http://127.0.0.1:${port}`);
  const isThere = () => all("GET", "/status").then(() => true, () => false);
  for (const end = Date.now() + 20_000; !(await isThere());) {
    if (Date.now() > end) throw new Error("WebKitWebDriver does not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary, args: ["--automation"] } } };
  const session = (await all("POST", "/session", { capabilities })) as {
    sessionId: string;
    capabilities: { browserVersion: string };
  };
  const command: Command = (method, path, body) => all(method, `/session/${session.sessionId}${path}`, body);
  await command("POST", "/timeouts", { script: SCRIPT_MS });
  await command("POST", "/window/rect", { width: 1280, height: 938 });
  return {
    name: `WebKitGTK ${session.capabilities.browserVersion}`,
    tab: tabOf(command, url, downloads),
    async close() {
      await command("DELETE", "").catch(() => {});
      await close();
    },
  };
}
