// Firefox, asked by its own protocol, Marionette, what it tells screen readers: Playwright's way to it tells nothing of that.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../browser/harness.js";
import { firefoxPath } from "./playwright.ts";
import { asked } from "./tab.ts";
import { ELEMENT, pressed } from "./webdriver.ts";

const READY_MS = 60_000;

/** The port, once the browser listens. */
async function connected(port: number): Promise<Socket> {
  for (const end = Date.now() + READY_MS; ;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return socket;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }
}

type Send = (command: string, words?: object) => Promise<{ value: unknown }>;

/** Commands go out one by one; each answer is its length in letters, a colon, and JSON. */
function commands(socket: Socket): Send {
  let rest = Buffer.alloc(0);
  let last = 0;
  const open = new Map<number, (error: unknown, value: unknown) => void>();
  socket.on("error", () => {}); // it closes
  socket.on("close", () => {
    for (const told of open.values()) told("Firefox is gone", null);
  });
  socket.on("data", (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      const colon = rest.indexOf(":");
      const end = colon + 1 + Number(rest.subarray(0, colon).toString());
      if (colon < 0 || rest.length < end) return;
      const message = JSON.parse(rest.subarray(colon + 1, end).toString()) as [1, number, unknown, unknown] | object;
      rest = rest.subarray(end);
      if (Array.isArray(message)) open.get(message[1] as number)?.(message[2], message[3]); // the first only greets
    }
  });
  return (command, words = {}) =>
    new Promise((resolve, reject) => {
      last += 1;
      const id = last;
      open.set(id, (error, value) => {
        open.delete(id);
        if (error) reject(new Error(`${command}: ${JSON.stringify(error)}`));
        else resolve(value as { value: unknown });
      });
      const text = JSON.stringify([0, last, command, words]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
}

/** The page in a Firefox of its own. */
export async function openMarionette(url: string) {
  const [port, profile] = await Promise.all([freePort(), mkdtemp(join(tmpdir(), "adderscope-marionette-"))]);
  await writeFile(join(profile, "user.js"), `user_pref("marionette.port", ${port});\n`);
  const words = ["--marionette", "--headless", "--no-remote", "--width=1280", "--height=900", "--profile", profile];
  const browser = spawn(firefoxPath(), words, { stdio: "ignore" });
  const ends = once(browser, "exit");
  let socket: Socket | undefined;
  const close = async () => {
    socket?.destroy();
    browser.kill();
    await ends;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  const begun = async () => {
    socket = await connected(port);
    const send = commands(socket);
    await send("WebDriver:NewSession", { capabilities: {} });
    await send("WebDriver:Navigate", { url });
    return send;
  };
  const send = await begun().catch(async (error: unknown) => {
    await close(); // or it would keep the test from its end
    throw error;
  });
  return {
    close,
    async press(...keys: string[]) {
      await send("WebDriver:PerformActions", { actions: [pressed(keys)] });
    },
    async ask<T, A>(question: (given: A) => T | Promise<T>, given: A): Promise<T> {
      const { value } = await send("WebDriver:ExecuteScript", { script: `return ${asked(question, given)}`, args: [] });
      return value as T;
    },
    /** Role and name of what has the focus, in the browser's accessibility tree. */
    async focused(): Promise<{ role: string; name: string }> {
      const { value } = await send("WebDriver:GetActiveElement");
      const id = (value as Record<string, string>)[ELEMENT];
      const [role, name] = [await send("WebDriver:GetComputedRole", { id }), await send("WebDriver:GetComputedLabel", { id })];
      return { role: role.value as string, name: name.value as string };
    },
  };
}
