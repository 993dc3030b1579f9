// Opens a bundle that was read: verifies it, checks what it was made for, compiles its module.
import type { Bundle } from '../../core/bundle/bundle.ts';
import { type BundleCase, parseCases } from '../../core/bundle/case.ts';
import { checkModule } from '../../core/bundle/module-check.ts';
import {
  type BundleFiles,
  FIXED_FILES,
  MODULE_FILE,
  parseBundleFiles,
  readManifest,
} from '../../core/bundle/parse-files.ts';
import { isStrayDocument } from '../../core/bundle/stray-document.ts';
import { isSigned, type Verification, type VerifiedSignature, verifyBundle } from '../../core/bundle/verify.ts';
import { Fault, toError } from '../../core/errors.ts';
import { digestFiles, digestOf } from './bundle-digest.ts';

/** The files of a bundle, and how errors name them. */
export interface FoundBundle {
  readonly files: BundleFiles;
  readonly at: (name: string) => string;
}

/** What a bundle is held against. */
export interface RequiredSignature extends Verification {
  /** Whether a bundle without a signature is refused. */
  readonly required: boolean;
}

/** A bundle that may be used. */
export interface OpenedBundle {
  readonly bundle: Bundle;
  readonly cases: readonly BundleCase[];
  /** `undefined` where none was asked for, or none is there and none required. */
  readonly signature: VerifiedSignature | undefined;
}

/**
 * Opens a bundle. Nothing in it is looked at before its signature.
 *
 * @throws {Fault} `bundle.*`, with the file, and line and column where they are known
 */
export const openBundle = async (
  { files, at }: FoundBundle,
  signature?: RequiredSignature | undefined,
): Promise<OpenedBundle> => {
  try {
    const asked = signature !== undefined && (signature.required || isSigned(files)) ? signature : undefined;
    const verified = asked === undefined ? undefined : await verifyBundle(files, asked, crypto.subtle);
    const module = checkFiles(files);
    const compiled = await compile(module);
    const bundle = parseBundleFiles(files, { digest: digestFiles(files), module: compiled });
    return { bundle, cases: parseCases(files), signature: verified };
  } catch (thrown) {
    throw placed(thrown, at);
  }
};

/** Checks all that can be checked before the module is compiled, and gives the module. */
const checkFiles = (files: BundleFiles): Uint8Array => {
  const stray = [...files.keys()].find(isStrayDocument);
  if (stray !== undefined) {
    const message = 'podgraft reads one document of data, data.json at the root; OPA would merge this one with it';
    throw new Fault('bundle.invalid', message, { at: { file: stray } });
  }
  const missing = FIXED_FILES.find((name) => !files.has(name));
  if (missing !== undefined) {
    throw new Fault('bundle.invalid', 'the file is missing', { at: { file: missing } });
  }
  const module = files.get(MODULE_FILE) ?? new Uint8Array();
  checkModule(readManifest(files), digestOf(module));
  return module;
};

/** Which interface a policy has; its version is looked at when it is instantiated. */
const ABI = 'opa_wasm_abi_version';

const compile = async (bytes: Uint8Array): Promise<WebAssembly.Module> => {
  const module = await WebAssembly.compile(new Uint8Array(bytes)).catch((cause: unknown) => {
    const message = `the file is no WebAssembly module: ${toError(cause).message}`;
    throw new Fault('bundle.invalid', message, { at: { file: MODULE_FILE }, cause });
  });
  if (!WebAssembly.Module.exports(module).some(({ name, kind }) => name === ABI && kind === 'global')) {
    throw new Fault('bundle.module', 'the module is no policy that OPA compiled', { at: { file: MODULE_FILE } });
  }
  return module;
};

/** The same fault, its file named as it lies outside of the bundle. */
const placed = (thrown: unknown, at: FoundBundle['at']): unknown => {
  if (!(thrown instanceof Fault) || thrown.at?.file === undefined) {
    return thrown;
  }
  const place = { ...thrown.at, file: at(thrown.at.file) };
  return new Fault(thrown.code, thrown.message, { at: place, cause: thrown });
};
