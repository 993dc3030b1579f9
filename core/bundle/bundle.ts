// The bundle: everything that decides and renders, as one value.
import type { JsonObject } from '../json.ts';
import type { RecordedTemplate } from '../template/compile.ts';

/** A template file as it stands in the bundle. */
export interface TemplateFile {
  readonly system: string;
  /** Its path, as errors name it. */
  readonly file: string;
  readonly text: string;
  /** What `recordTemplate` made of that very text, where it was compiled before. */
  readonly recorded?: RecordedTemplate;
}

/** A policy bundle: an OPA bundle with templates and configuration schemas added. */
export interface Bundle {
  /** `sha256:` and the hex digest of the content. */
  readonly digest: string;
  readonly module: WebAssembly.Module;
  /** The document behind `data`: `podgraft.config`, `podgraft.tables` and `podgraft.codes`, system by system. */
  readonly data: JsonObject;
  readonly templates: readonly TemplateFile[];
  /** The JSON Schema of each system's configuration. */
  readonly configSchemas: Readonly<Record<string, JsonObject>>;
}
