// Sends every pod of a manifest through the injector and puts what comes back into its document.
import { Fault, toError } from '../../core/errors.ts';
import type { Injector } from '../../core/injector.ts';
import { isObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import type { Review } from '../../core/review.ts';
import { type Creation, createPod } from './created-pod.ts';
import { restoreDigits, roundNumbers } from './exact-number.ts';
import { writeJson } from './json-text.ts';
import type { Manifest, Path } from './manifest.ts';
import { findWorkloads, type Workload } from './workload.ts';

/** What became of one pod. */
export interface ReviewedWorkload {
  readonly workload: Workload;
  readonly namespace: string;
  /** Where its object begins. */
  readonly line: number;
  readonly request: JsonObject;
  /** The review, or the fault that kept it from being made. */
  readonly result: { readonly review: Review } | { readonly fault: Fault };
}

/** What became of a manifest. */
export interface InjectedManifest {
  readonly workloads: readonly ReviewedWorkload[];
  /** The documents' new values. */
  readonly values: readonly JsonValue[];
}

/** Injects into all pods of a manifest, in order. */
export const injectManifest = async (
  manifest: Manifest,
  injector: Pick<Injector, 'review'>,
  creation: Creation,
): Promise<InjectedManifest> => {
  const workloads: ReviewedWorkload[] = [];
  const values: JsonValue[] = [];
  for (const document of manifest.documents) {
    let { value } = document;
    for (const workload of findWorkloads(document.value)) {
      const line = document.lineOf(workload.path);
      const { reviewed, pod } = await injectWorkload(workload, { injector, creation, line, file: manifest.file });
      workloads.push(reviewed);
      value = setAt(value, workload.podPath, pod);
    }
    values.push(value);
  }
  return { workloads, values };
};

interface Step {
  readonly injector: Pick<Injector, 'review'>;
  readonly creation: Creation;
  readonly line: number;
  readonly file: string;
}

const injectWorkload = async (
  workload: Workload,
  { injector, creation, line, file }: Step,
): Promise<{ readonly reviewed: ReviewedWorkload; readonly pod: JsonObject }> => {
  const created = createPod(workload, creation);
  const request = createRequest(workload, created.pod, created.namespace);
  const about = { workload, namespace: created.namespace, line, request };
  try {
    const review = await injector.review(new TextEncoder().encode(writeJson(request)));
    if (review.outcome !== 'injected') {
      return { reviewed: { ...about, result: { review } }, pod: workload.pod };
    }
    const operations = review.operations.map(({ operation }) => ({ ...operation }));
    const grafted = applyPatch(roundNumbers(created.pod), operations);
    const pod = created.restore(restoreDigits(created.pod, grafted) as JsonObject);
    return { reviewed: { ...about, result: { review } }, pod };
  } catch (thrown) {
    const error = toError(thrown);
    const code = error instanceof Fault ? error.code : 'inject.failed';
    const fault = new Fault(code, error.message, { at: { file, line }, cause: thrown });
    return { reviewed: { ...about, result: { fault } }, pod: workload.pod };
  }
};

/** The AdmissionReview that the API server would send for the pod. */
const createRequest = ({ kind, name }: Workload, pod: JsonObject, namespace: string): JsonObject => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: '00000000-0000-0000-0000-000000000000',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    ...(kind === 'Pod' ? { name } : {}),
    namespace,
    operation: 'CREATE',
    userInfo: {},
    object: pod,
    oldObject: null,
    dryRun: false,
  },
});

const setAt = (value: JsonValue, path: Path, member: JsonValue): JsonValue => {
  const [step, ...rest] = path;
  if (step === undefined) {
    return member;
  }
  if (Array.isArray(value)) {
    return value.map((item: JsonValue, index) => (index === step ? setAt(item, rest, member) : item));
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, old]) => [key, key === step ? setAt(old, rest, member) : old]),
      )
    : value;
};
