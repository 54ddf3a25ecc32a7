// Which builds of the library this browser can run.

/**
 * A module with one function that uses one SIMD instruction: type () → v128; `i32.const 0; i8x16.splat`.
 * https://webassembly.github.io/spec/core/binary/
 */
// prettier-ignore
const WITH_SIMD = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic number, version
  0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, // types
  0x03, 0x02, 0x01, 0x00, // functions
  0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b, // code
]);

/** Whether those with SIMD. */
export const hasSimd = () => WebAssembly.validate(WITH_SIMD);
