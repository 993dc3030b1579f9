// The bundle: everything that decides and renders, as one value.
import type { JsonObject } from '../json.ts';
import type { RecordedYaml } from '../template/recorded-yaml.ts';

/** A template file as it stands in the bundle. */
export interface TemplateFile {
  readonly system: string;
  /** Its path, as errors name it. */
  readonly file: string;
  readonly text: string;
  /** What parsing that very text gave, where it was parsed before: reading it again takes a tenth of the time. */
  readonly recorded?: RecordedYaml;
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
