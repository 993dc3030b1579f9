// What the bundler makes of the files that a Worker imports, and the platform's own module.

declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module '*.txt' {
  const text: string;
  export default text;
}

declare module 'cloudflare:workers' {
  export const env: Readonly<Record<string, unknown>>;
}
