// The page's channels to its Workers: what all of them have in common.

import { Client, type ClientOptions } from "./channel/client.js";
import type { Calls } from "./channel/protocol.js";
import { wordsOf } from "./errors.js";
import { startWorker } from "./resources.js";

const NO_WORKERS =
  "AdderScope computes in Workers, which do not run here: allow them for this page, or open the page in a recent browser";

/** What is different from Worker to Worker; what it is called where it stops, and how long it may be silent, at least. */
type Ways<Table extends Calls<Table>> = Pick<ClientOptions<Table>, "name" | "patience"> &
  Partial<Pick<ClientOptions<Table>, "failed" | "epoch" | "prepare">>;

/** @param script the Worker's file */
export const workerClient = <Table extends Calls<Table>>(
  script: Parameters<typeof startWorker>[0],
  ways: Ways<Table>,
) =>
  new Client<Table>({
    spawn: () => {
      try {
        return startWorker(script);
      } catch (error) {
        throw new Error(`${NO_WORKERS} (${wordsOf(error)})`, { cause: error });
      }
    },
    script,
    failed: (why) => `AdderScope itself failed on this (${why}). That is a bug: please report it, with the file`,
    ...ways,
  });
