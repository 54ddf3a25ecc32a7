// The parts of the library that the page loads: the one table of them.

export type Build = "simd" | "plain";

export interface Part {
  /** The crate that is the part. */
  crate: string;
  /** Cargo's profile. */
  profile: string;
  /** What wasm-opt aims at. */
  optimise: "-Os" | "-O3";
  /**
   * With SIMD128, which nearly every browser has and which makes what computes several times as fast, and without it:
   * the page chooses at load. Or without it alone, for what no SIMD would make faster.
   */
  builds: [Build, ...Build[]];
  /** Whether each kilobyte of it counts, more than the time that its build takes. */
  smaller?: true;
}

/** By what their files in dist/ are called. */
export const parts = {
  adderscope: {
    crate: "adderscope-page",
    profile: "page",
    optimise: "-Os",
    smaller: true,
    builds: ["simd", "plain"],
  },
  /** Comes when someone compares two models. */
  compare: {
    crate: "adderscope-comparing",
    profile: "part",
    optimise: "-Os",
    builds: ["simd", "plain"],
  },
  /** Comes once the first model is drawn and scored. */
  exact: {
    crate: "adderscope-exact",
    profile: "part",
    optimise: "-Os",
    smaller: true,
    builds: ["simd", "plain"],
  },
  /** Comes when someone looks into one addition. */
  explain: {
    crate: "adderscope-explain",
    profile: "part",
    optimise: "-Os",
    builds: ["plain"],
  },
  /** Comes when someone opens or saves a file. */
  formats: {
    crate: "adderscope-files",
    profile: "part",
    optimise: "-Os",
    builds: ["plain"],
  },
  /** Comes when someone asks how firm a model is. */
  robust: {
    crate: "adderscope-robust",
    profile: "part",
    optimise: "-Os",
    builds: ["simd", "plain"],
  },
  /** Comes when someone opens its drawer. */
  trainer: {
    crate: "adderscope-trainer",
    profile: "trainer",
    optimise: "-O3",
    builds: ["simd", "plain"],
  },
} satisfies Record<string, Part>;

/**
 * The library in one, for other people's pages and scripts: what the parts do, but for the trainer. No part of the page. One
 * build, with SIMD, which Node.js and all current browsers have.
 */
export const whole: Part = {
  crate: "adderscope-whole",
  profile: "part",
  optimise: "-Os",
  builds: ["simd"],
  smaller: true,
};

/** What its WebAssembly is called. */
export const WHOLE = "whole.wasm";

export type PartName = keyof typeof parts;

/** What a part's WebAssembly is called, without a hash. */
export const wasmName = (name: string, build: Build, { builds }: Part) =>
  builds.length > 1 ? `${name}_${build}.wasm` : `${name}.wasm`;

/** Every part with the builds that are made of it: all, or for a look at the page the first of each. */
export const partsToBuild = (onlyFirst: boolean) =>
  Object.entries<Part>(parts).map(([name, part]) => {
    const builds: Part["builds"] = onlyFirst ? [part.builds[0]] : part.builds;
    return { name, part, builds };
  });
