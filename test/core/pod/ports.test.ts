import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../core/index.ts';
import { type Graft, graftPod } from '../../../core/pod/graft.ts';

const source = { file: 'template.yaml', line: 1, column: 1 };

const container = (name: string, port: JsonObject, more: JsonObject = {}): JsonObject => ({
  name,
  ports: [port],
  ...more,
});

/** An injection of containers into one list, which listens besides. */
const graft = (
  system: string,
  containers: readonly JsonObject[],
  more: Partial<Graft> & { list?: string } = {},
): Graft => ({
  system,
  template: 't',
  listens: more.listens ?? [],
  rendered: {
    order: { initContainers: 'last', containers: 'last' },
    pod: containers.map((value) => ({ verb: 'add', path: ['spec', more.list ?? 'containers'], value, source })),
    containers: [],
  },
});

const messageOf = (spec: JsonObject, ...grafts: readonly Graft[]): string | undefined => {
  const grafted = graftPod({ spec: { containers: [], ...spec } }, grafts);
  return 'conflict' in grafted ? grafted.conflict.message : undefined;
};

const app = (port: JsonObject): JsonObject => ({ containers: [container('app', port)] });

describe('ports of one pod', () => {
  test('an injection that listens where a container of the pod does', () => {
    const listener = graft('one', [], { listens: [8200] });
    expect(messageOf(app({ containerPort: 8200 }), listener)).toBe(
      'one (template t) takes port 8200/TCP, but the pod\'s container "app" already has it',
    );
    expect(messageOf(app({ containerPort: 8200, protocol: 'UDP' }), listener)).toBeUndefined();
    expect(messageOf(app({ containerPort: 8201 }), listener)).toBeUndefined();
  });

  test('two injections that listen at one port, declared or not', () => {
    const silent = graft('one', [], { listens: [8200] });
    const declared = graft('two', [container('x', { containerPort: 8200, protocol: 'TCP' })]);
    const message = 'two (template t) takes port 8200/TCP, but one (template t) already has it';
    expect(messageOf({}, silent, declared)).toBe(message);
    expect(messageOf({}, silent, { ...silent, system: 'two' })).toBe(message);
  });

  test('a port of the host', () => {
    const declared = graft('one', [container('x', { containerPort: 1, hostPort: 80 })]);
    expect(messageOf(app({ containerPort: 2, hostPort: 80 }), declared)).toContain('host port :80/TCP');
    expect(messageOf(app({ containerPort: 2, hostPort: 80, hostIP: '10.0.0.1' }), declared)).toBeUndefined();
  });

  test('init containers count only where they go on running', () => {
    const listener = graft('one', [], { listens: [8200] });
    const init = (more: JsonObject): JsonObject => ({
      initContainers: [container('i', { containerPort: 8200 }, more)],
    });
    expect(messageOf(init({}), listener)).toBeUndefined();
    expect(messageOf(init({ restartPolicy: 'Always' }), listener)).toContain('container "i"');
    const brief = graft('two', [container('x', { containerPort: 8200 })], { list: 'initContainers' });
    expect(messageOf({}, listener, brief)).toBeUndefined();
  });

  test('what an injection itself has put there is no one else', () => {
    const own = graft('one', [container('x', { containerPort: 8200 })], { listens: [8200] });
    expect(messageOf({ containers: [container('x', { containerPort: 8200 })] }, own)).toBeUndefined();
  });

  test('ports that the pod itself has twice are its own affair', () => {
    const spec = { containers: [container('a', { containerPort: 80 }), container('b', { containerPort: 80 })] };
    expect(messageOf(spec, graft('one', [], { listens: [8200] }))).toBeUndefined();
  });
});
