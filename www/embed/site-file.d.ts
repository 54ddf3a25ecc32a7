// Made by the build: what the library's WebAssembly is called in dist/.

export const file: string;
