// Bounds a pod's annotations as Kubernetes does: what it would refuse is not worth the time that a policy takes for it.
import { isObject, type JsonObject, own } from '../json.ts';

/** Bytes of all names and values together, as UTF-8. */
const MOST_BYTES = 256 * 1024;

/** A character of UTF-16 has at most three bytes. */
const MOST_BYTES_EACH = 3;

/**
 * Says in Kubernetes' words that the annotations are too large; `undefined` where they are not
 * ([ValidateAnnotationsSize](https://github.com/kubernetes/apimachinery/blob/master/pkg/api/validation/objectmeta.go)).
 */
export const checkAnnotationsSize = (pod: JsonObject): string | undefined => {
  const metadata = own(pod, 'metadata');
  const annotations = isObject(metadata) ? own(metadata, 'annotations') : undefined;
  const texts = Object.entries(isObject(annotations) ? annotations : {})
    .flat()
    .filter((text) => typeof text === 'string');
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  return length * MOST_BYTES_EACH > MOST_BYTES && new TextEncoder().encode(texts.join('')).byteLength > MOST_BYTES
    ? `metadata.annotations: Too long: may not be more than ${MOST_BYTES} bytes`
    : undefined;
};
