// Other programs, and how a tool ends.

import { spawn } from "node:child_process";
import { root } from "./paths.ts";

/** What a person is told, without a stack: something is missing, or too large. */
export class Complaint extends Error {}

/** Runs a program, in the repository's folder if no other is named, which says for itself what it does and what is wrong. */
export function run(
  program: string,
  words: string[],
  { env = {}, signal, cwd = root }: { env?: NodeJS.ProcessEnv; signal?: AbortSignal; cwd?: string } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd, stdio: "inherit", env: { ...process.env, ...env }, signal });
    child.on("error", (error) => reject(new Complaint(`${program} cannot be run (${error.message})`)));
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Complaint(`${program} ${words[0] ?? ""} failed`));
    });
  });
}

/** Runs a tool's work; what goes wrong is a line, and an exit code. */
export async function main(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Complaint ? `build.sh: ${error.message}` : error);
    process.exitCode = 1;
  }
}
