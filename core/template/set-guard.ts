// Refuses a `set` of anything but the few fields that may be replaced.
import type { Form } from './form.ts';
import type { Refuse } from './refuse.ts';
import { isOnly } from './shape.ts';

/** What a verb's form is about: the pod, or a container of the pod. */
export type Subject = 'pod' | 'container';

const SETTABLE: Readonly<Record<Subject, RegExp>> = {
  pod: /^(?:metadata\/(?:annotations|labels)\/|spec\/shareProcessNamespace$)/,
  container: /^(?:command|args|env|[a-z]+Probe\/exec\/command|lifecycle\/(?:postStart|preStop))$/,
};

const KEYED_MAPS: readonly string[] = ['metadata/annotations', 'metadata/labels'];

/**
 * Checks what a `set` names.
 *
 * @throws {Fault} `template.guard`
 */
export const guardSet = (form: Form | undefined, subject: Subject, refuse: Refuse): void => {
  if (form !== undefined) {
    guardPath(form, { subject, refuse, path: [] });
  }
};

interface Setting {
  readonly subject: Subject;
  readonly refuse: Refuse;
  /** The fields that lead to the form. */
  readonly path: readonly string[];
}

const guardPath = (form: Form, setting: Setting): void => {
  const { subject, path } = setting;
  if (form.kind === 'nothing' || SETTABLE[subject].test(path.join('/'))) {
    return;
  }
  if (form.kind === 'if') {
    guardPath(form.yes, setting);
    guardPath(form.no ?? form.yes, setting);
  } else if (form.kind === 'map' && form.entries.length > 0) {
    for (const { key, value } of form.entries) {
      // Only annotations and labels have holes in their keys, and all of them can be set.
      guardPath(value, { ...setting, path: [...path, typeof key === 'string' ? key : ''] });
    }
  } else if (!isKeyedMap(form, setting)) {
    refuseField(form, setting);
  }
};

const isKeyedMap = ({ kind, shape }: Form, { subject, path }: Setting): boolean =>
  kind === 'eval' && subject === 'pod' && KEYED_MAPS.includes(path.join('/')) && isOnly(shape, 'map');

const refuseField = (form: Form, { subject, path, refuse }: Setting): never =>
  refuse('guard', `${path.join('.') || `the ${subject}`} cannot be set; ${SETTABLE_NAMES[subject]} can`, form.at);

const SETTABLE_NAMES: Readonly<Record<Subject, string>> = {
  pod: 'metadata.annotations, metadata.labels and spec.shareProcessNamespace',
  container: 'command, args, env, the exec.command of a probe, lifecycle.postStart and lifecycle.preStop',
};
