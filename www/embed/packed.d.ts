// Made by the build: the library's WebAssembly, gzipped and in base64.

export const packed: string;
