// Made by the build: verdict-worker.ts with all that it imports, as one classic script.

export const workerScript: string;
