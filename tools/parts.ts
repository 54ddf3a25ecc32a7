// The parts of the library that the page loads: the one table of them.

export type Build = "simd" | "plain";

export interface Part {
  /** Cargo's arguments that name the library which becomes the part. */
  cargo: string[];
  /** The file that Cargo writes. */
  file: string;
  /** Cargo's profile. */
  profile: string;
  /** What wasm-opt aims at. */
  optimise: "-Os" | "-O3";
  /**
   * With SIMD128, which nearly every browser has and which makes what computes several times as fast, and without it:
   * the page chooses at load. Or without it alone, for what no SIMD would make faster.
   */
  builds: [Build, ...Build[]];
}

const features = (name: string) => ["--package", "adderscope", "--lib", "--no-default-features", "--features", name];

/** By what their files in dist/ are called. */
export const parts = {
  adderscope: {
    cargo: features("page"),
    file: "adderscope.wasm",
    profile: "page",
    optimise: "-Os",
    builds: ["simd", "plain"],
  },
  /** Comes when someone opens or saves a file. */
  formats: {
    cargo: features("formats"),
    file: "adderscope.wasm",
    profile: "formats",
    optimise: "-Os",
    builds: ["plain"],
  },
  /** Comes when someone opens its drawer. */
  trainer: {
    cargo: features("trainer"),
    file: "adderscope.wasm",
    profile: "trainer",
    optimise: "-O3",
    builds: ["simd", "plain"],
  },
} satisfies Record<string, Part>;

export type PartName = keyof typeof parts;

/** What a part's WebAssembly is called, without a hash. */
export const wasmName = (name: string, build: Build, { builds }: Part) =>
  builds.length > 1 ? `${name}_${build}.wasm` : `${name}.wasm`;

/** All of them. */
export const wasmNames = Object.entries<Part>(parts).flatMap(([name, part]) =>
  part.builds.map((build) => wasmName(name, build, part)),
);
