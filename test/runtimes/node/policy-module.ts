// The smallest WebAssembly modules that tests of loading need.

/** Magic number and version, and nothing behind them. */
export const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

const NAME = [...new TextEncoder().encode('opa_wasm_abi_version')];

/** A module that says which interface it has, as a policy does, and can do nothing. */
export const policyModule = (version: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.of(
    ...EMPTY_MODULE,
    // One global: a constant i32.
    ...[6, 6, 1, 0x7f, 0, 0x41, version, 0x0b],
    // One export: that global, under its name.
    ...[7, NAME.length + 4, 1, NAME.length, ...NAME, 3, 0],
  );
