import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../../../core/template/compile.ts';
import { faultOf, refusal, render, templateText } from './template-text.ts';

/** Parameters of every freedom. */
const PARAMETERS = `
parameters:
  type: object
  additionalProperties: false
  required: [free, word, pick, shells, option, switch, ranged, half, own, list, words]
  properties:
    free: {type: string}
    word: {type: string, format: shell-word}
    pick: {enum: [vault, bao]}
    shells: {enum: [vault, sh]}
    option: {enum: [-e, -c]}
    switch: {type: boolean}
    ranged: {type: integer, minimum: 0, exclusiveMaximum: 10}
    half: {type: integer, minimum: 0}
    own: {type: string, format: kubelet}
    list: {type: array, items: {type: string}}
    words: {type: array, items: {type: string, format: shell-word}}
    picks: {type: array, items: {enum: [CHOWN, SETUID]}}
    map: {type: object, additionalProperties: {type: string}}
    open: {type: object, required: [runAsUser], properties: {runAsUser: {type: integer}}}
    closed: {type: object, required: [runAsUser], properties: {runAsUser: {type: integer, minimum: 1, maximum: 9}}}
    container: {type: object, required: [name], properties: {name: {type: string}, command: {type: array, items: {type: string}}}}
    hook: {type: object, properties: {exec: {type: object, properties: {command: {type: array, items: {type: string}}}}}}
    each: {type: object, additionalProperties: {type: object, required: [args], properties: {args: {type: array, items: {type: string}}, text: {type: string}}}}
    mount: {$ref: podgraft/volumeMount}
`;

const template = (sections: string): string => templateText(`${PARAMETERS.trim()}\n${sections.replace(/^\n/, '')}`);

const container = (fields: string): string =>
  template(`
pod:
  add:
    spec:
      containers:
        - name: x
${fields
  .replace(/^\n/, '')
  .split('\n')
  .map((line) => `          ${line}`)
  .join('\n')}`);

const block = (fields: string): string =>
  template(`
containers:
  - each: each
    as: c
${fields
  .replace(/^\n/, '')
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}`);

const add = (fields: string): string => template(`pod: {add: ${fields}}`);
const set = (fields: string): string => template(`pod: {set: ${fields}}`);

/** `@@` marks the place; a member of a map is found by its key. */
const expectRefusal = (text: string, code: string, message: RegExp): void => {
  const { fault, line, column } = refusal(text.replace(/([\w$()-]+|"[^"]*"): @@/, '@@$1: '));
  expect(`${fault.code} ${fault.message}`).toMatch(message);
  expect({ code: fault.code, ...fault.at }).toMatchObject({ code, file: 'test.yaml', line, column });
};

describe('the argument after -c of a shell', () => {
  test.each([
    ['in command', container('command: [sh, -c, @@"run ${free}"]')],
    ['with a path', container('command: [/bin/bash, -c, @@"run ${free}"]')],
    ['in args', container('command: [/bin/sh, -ec]\nargs: [@@"run ${free}"]')],
    ['among other options', container('command: [sh, -euxc, @@"${free}"]')],
    ['behind another option', container('command: [sh, -c, -e, @@"${free}"]')],
    ['behind two dashes', container('command: [sh, -c, --, @@"${free}"]')],
    ['behind an option with an argument', container('command: [sh, -o, errexit, -c, @@"${free}"]')],
    ['of a shell that another program starts', container('command: [/usr/bin/env, sh, -c, @@"${free}"]')],
    ['of busybox', container('command: [busybox, ash, -c, @@"${free}"]')],
    ['of PowerShell', container('command: [pwsh.exe, -Command, @@"${free}"]')],
    ['by $eval', container('command: [sh, -c, {@@$eval: free}]')],
    ['by $words', container('command: [sh, -c, @@{$words: [run, "${word}", {$eval: free}]}]')],
    ['by $json', container('command: [sh, -c, @@{$json: {a: "${free}"}}]')],
    ['by $base64', container('command: [sh, -c, @@{$base64: "${free}"}]')],
    ['from a choice', container('command: [sh, -c, {$if: switch, then: ok, else: @@"${free}"}]')],
    ['behind a choice of the shell', container('command: ["${shells}", -c, @@"${free}"]')],
    ['behind a choice of the option', container('command: [sh, "${option}", @@"${free}"]')],
    ['behind an option that may be there', container('command: [sh, {$if: switch, then: -c}, @@"${free}"]')],
    ['behind an argument that may not be there', container('command: [sh, -c, {$if: switch, then: ok}, @@"${free}"]')],
    ['where a shell word could be the option', container('command: [sh, "${word}", @@"${free}"]')],
    ['where the free word itself could be', container('command: [sh, @@"${free}"]')],
    ["with the pod's own words", container('command: [sh, -c, @@"${own}"]')],
    ['when the first word is not known', container('command: ["${word}", -c, @@"${free}"]')],
    ['when the image says the first word', container('args: [-c, @@"${free}"]')],
    ['of one of two commands', container('command: {$if: switch, then: [vault], else: [sh, -c]}\nargs: [@@"${free}"]')],
    ['in lists joined', container('command: {$flatten: [[sh], [-c], [@@"${free}"]]}')],
    [
      'in a fragment',
      `${container('command: [sh, -c, {$use: f, with: {x: "a ${free}"}}]')}\n  fragments: {f: @@"run \${x}"}\n`,
    ],
    ['in a probe', container('livenessProbe: {exec: {command: [sh, -c, @@"${free}"]}}')],
    ['in a hook', container('lifecycle: {preStop: {exec: {command: [sh, -c, @@"${free}"]}}}')],
    ['in a container of the pod', block('set: {command: [sh, -c, @@"${free}"]}')],
    ['where set and add meet', block('set: {command: [sh, -c]}\nadd: {args: [@@"${free}"]}')],
    [
      'where only one of them is there',
      block('set: {command: {$if: switch, then: [vault]}}\nadd: {command: [sh, -c], args: [@@"${free}"]}'),
    ],
  ])('%s', (_, text) => {
    expectRefusal(text, 'template.guard', /part of what a shell runs|only behind a first word/);
  });

  test.each([
    ['a choice', container('command: [sh, -c, "run ${pick} ${switch} ${ranged}"]')],
    ['a shell word', container('command: [sh, -c, "run ${word}"]')],
    [
      'a constant bound by with',
      `${container('command: [sh, -c, {$use: f, with: {x: y}}]')}\n  fragments: {f: "run \${x}"}`,
    ],
    ['a later argument', container('command: [sh, -c, \'exec "$@"\', sh, "${free}"]')],
    ['an argument of a script', container('command: [sh, /run.sh, "${free}"]')],
    ["another program's -c", container('command: [vault, -c, "${free}"]')],
    ["another program's -config", container('args: [-config, "${free}"]')],
    ['no option at all', container('command: ["/opt/${pick}", "${free}"]')],
    ['a variable', container('command: [sh, -c, \'run "$X"\']\nenv: [{name: X, value: "${free}"}]')],
  ])('takes %s', (_, text) => {
    expect(compileTemplate('test.yaml', text).name).toBe('example');
  });
});

describe('a list hole in a command', () => {
  test.each([
    ['as the whole command', container('command: {@@$eval: list}')],
    ['as the whole command, of shell words', container('command: {@@$eval: words}')],
    ['in front', container('command: {$flatten: [{@@$eval: list}, [x]]}')],
    ['behind a shell', container('command: {$flatten: [[sh, /run.sh], {@@$eval: list}]}')],
    ['behind a free word', container('command: {$flatten: [["${free}"], {@@$eval: list}]}')],
    ['behind a word that may be a shell', container('command: {$flatten: [["${word}"], {@@$eval: list}]}')],
    [
      'behind a word that may be missing',
      container('command: {$flatten: [[{$if: switch, then: vault}], {@@$eval: list}]}'),
    ],
    ['as args alone', container('args: {@@$eval: list}')],
    ["as args of a pod's container", block('set: {args: {@@$eval: c.args}}')],
    [
      'as args where the command may be missing',
      block('set: {command: {$if: switch, then: [vault]}, args: {@@$eval: c.args}}'),
    ],
    ['as args of a shell', block('set: {command: [/bin/sh], args: {@@$eval: c.args}}')],
    ['in a probe', container('readinessProbe: {exec: {command: {@@$eval: list}}}')],
    ['as $map', container('command: @@{$map: {$eval: list}, each(x): "${x}"}')],
  ])('%s', (_, text) => {
    expectRefusal(text, 'template.guard', /only behind a first word/);
  });

  test.each([
    ['a container', container('{@@$eval: container}').replace('- name: x\n          ', '- ')],
    ['a hook', container('lifecycle: {postStart: {@@$eval: hook}}')],
    ['an exec', container('lifecycle: {postStart: {exec: {@@$eval: hook.exec}}}')],
  ])('inside %s from a parameter', (_, text) => {
    expectRefusal(text, 'template.guard', /cannot give|only behind a first word/);
  });

  test.each([
    ['behind a fixed word', container('command: {$flatten: [["/${pick}/run"], {$eval: list}]}')],
    ['behind a word in a folder', container('command: {$flatten: [["${word}/run"], {$eval: list}]}')],
    ['as args of a fixed command', block('set: {command: [/vault/run], args: {$eval: c.args}}')],
    [
      'as args of a fixed command, each chosen',
      block('set: {$if: c.text, then: {command: [run], args: {$eval: c.args}}}'),
    ],
    ['in a probe', block('set: {livenessProbe: {exec: {command: {$flatten: [[run], {$eval: c.args}]}}}}')],
  ])('is taken %s', (_, text) => {
    expect(compileTemplate('test.yaml', text).name).toBe('example');
  });

  test('a command with too many ways to come out is refused', () => {
    const choices = Array.from({ length: 9 }, () => '{$if: switch, then: [a], else: [b]}').join(', ');
    expectRefusal(
      container(`command: {$flatten: [${choices}]}`).replace('- name: x', '- @@name: x'),
      'template.guard',
      /more than 256 ways/,
    );
  });
});

describe('below securityContext and where a pod gets rights', () => {
  test.each([
    ['a free text', container('securityContext: {seLinuxOptions: {user: @@"${free}"}}')],
    ['a free number', container('securityContext: {runAsUser: {@@$eval: half}}')],
    ['a shell word', container('securityContext: {procMount: @@"${word}"}')],
    ['an open map', container('securityContext: {@@$eval: open}')],
    ['a list of texts', container('securityContext: {capabilities: {add: {@@$eval: list}}}')],
    ['a word in a list', container('securityContext: {capabilities: {add: [@@"${word}"]}}')],
    ['in a $map', container('securityContext: {capabilities: {add: {$map: {$eval: list}, each(x): @@"${x}"}}}')],
    ['in a choice', container('securityContext: {$if: switch, then: {procMount: @@"${free}"}}')],
    ['of the pod', add('{spec: {securityContext: {runAsUser: {@@$eval: half}}}}')],
    ['hostPath', add('{spec: {volumes: [{name: v, hostPath: {path: @@"/${free}"}}]}}')],
    ['hostPath, a shell word', add('{spec: {volumes: [{name: v, hostPath: {path: @@"/${word}"}}]}}')],
    ['serviceAccountName', add('{spec: {serviceAccountName: @@"${free}"}}')],
    ['serviceAccount', add('{spec: {serviceAccount: @@"${free}"}}')],
  ])('%s', (_, text) => {
    expectRefusal(text, 'template.guard', /a free value cannot stand at .* below/);
  });

  test.each(['hostNetwork', 'hostPID', 'hostIPC', 'hostUsers', 'shareProcessNamespace'])(
    '%s takes a boolean',
    (field) => {
      expect(compileTemplate('test.yaml', add(`{spec: {${field}: {$eval: switch}}}`)).name).toBe('example');
    },
  );

  test.each([
    ['what is chosen', container('securityContext: {runAsUser: {$if: switch, then: 100, else: 200}}')],
    ['a bounded number', container('securityContext: {runAsUser: {$eval: ranged}}')],
    ['a map of bounded numbers', container('securityContext: {$eval: closed}')],
    ['a list of an enum', container('securityContext: {capabilities: {add: {$eval: picks}}}')],
    [
      'an annotation of that name',
      add('{metadata: {annotations: {hostPath: "${free}", "securityContext": "${word}"}}}'),
    ],
  ])('takes %s', (_, text) => {
    expect(compileTemplate('test.yaml', text).name).toBe('example');
  });

  const spec = `
parameters:
  type: object
  additionalProperties: false
  properties:
    hardened: {type: boolean}
    user: {type: integer, minimum: 1, maximum: 9}
    name: {type: string, default: x}
pod:
  add:
    spec:
      securityContext: {$if: hardened, then: {runAsNonRoot: true, runAsUser: {$eval: user}}}
`;

  test('the decision must give every parameter that is used there, the conditions included', () => {
    for (const parameters of [{}, { hardened: true }, { user: 5 }]) {
      const fault = faultOf(() => render(spec, parameters));
      expect(fault.code).toBe('template.parameter');
      expect(fault.message).toMatch(/the decision must give it, null for absent/);
    }
    expect(faultOf(() => render(spec, { hardened: true })).at).toMatchObject({ pointer: '/user' });
    expect(render(spec, { hardened: true, user: 5 }).pod).toHaveLength(2);
    expect(render(spec, { hardened: null, user: null }).pod).toEqual([]);
  });

  test('configuration cannot give it', () => {
    const fault = faultOf(() => render(spec, { hardened: true, user: 5 }, { user: 3 }));
    expect(fault).toMatchObject({ code: 'template.parameter', at: { pointer: '/user' } });
  });

  test('it has no default', () => {
    const text = templateText(spec).replace('maximum: 9}', 'maximum: 9, @@default: 2}');
    expectRefusal(text, 'template.guard', /"user" is used below securityContext and can have no default/);
  });
});

describe('what Kubernetes would drop or refuse', () => {
  test.each([
    ['an unknown field', add('{spec: {@@volume: []}}'), 'field', /knows no field spec\.volume/],
    ['an unknown field of a container', container('@@imagePullpolicy: Always'), 'field', /imagePullpolicy/],
    [
      'an unknown field, deep down',
      add('{spec: {volumes: [{name: v, emptyDir: {@@size: 1}}]}}'),
      'field',
      /emptyDir\.size/,
    ],
    [
      'an unknown field that a parameter brings',
      add('{spec: {volumes: [{@@$eval: mount}]}}'),
      'field',
      /knows no field spec\.volumes\.\[\]\.\w+/,
    ],
    ['any key where fields are', add('{spec: {securityContext: {@@$eval: map}}}'), 'guard', /free value/],
    ['any key where fields are, elsewhere', add('{spec: {dnsConfig: {@@$eval: map}}}'), 'guard', /may have any key/],
    [
      'a text for a number',
      container('ports: [{containerPort: @@"80"}]'),
      'field',
      /takes a number, and this is a text/,
    ],
    ['a number for a text', container('env: [{name: A, value: @@1}]'), 'field', /takes a text, and this is a number/],
    ['a text for a list', container('args: @@go'), 'field', /takes a list, and this is a text/],
    ['a map for a list', container('env: @@{A: b}'), 'field', /takes a list, and this is a map/],
    [
      'a quantity in another form',
      container('resources: {limits: {cpu: @@0.5}}'),
      'field',
      /write this quantity as "500m"/,
    ],
    [
      'a quantity that is a number',
      container('resources: {limits: {cpu: @@1}}'),
      'field',
      /write this quantity as "1"/,
    ],
    ['what is no quantity', container('resources: {limits: {cpu: @@much}}'), 'field', /this is no quantity/],
    ['a volume without a name', add('{spec: {volumes: [@@{emptyDir: {}}]}}'), 'field', /needs a name/],
    ['a container without a name', add('{spec: {initContainers: [@@{image: x}]}}'), 'field', /needs a name/],
    ['a mount without a path', container('volumeMounts: [@@{name: x}]'), 'field', /needs a mountPath/],
    ['status', add('{@@status: {phase: Running}}'), 'guard', /status is not for templates/],
    ['nodeName', add('{spec: {@@nodeName: a}}'), 'guard', /nodeName is not for templates/],
    ['ephemeralContainers', add('{spec: {@@ephemeralContainers: []}}'), 'guard', /ephemeralContainers is not for/],
    ['a hole in a key', container('resources: {limits: {@@"${free}": 1}}'), 'guard', /a key has no hole/],
    ['a hole in a key of JSON', add('{metadata: {annotations: {a: {$json: {@@"${free}": 1}}}}}'), 'guard', /no hole/],
    [
      'a hole in a key, in a loop',
      add('{metadata: {annotations: {a: {$json: {$map: [{@@"${free}": 1}], each(x): {$eval: x}}}}}}'),
      'guard',
      /no hole/,
    ],
  ])('%s', (_, text, code, message) => {
    expectRefusal(text, `template.${code}`, message);
  });

  test('labels and annotations may have holes in their keys', () => {
    const spec = `${PARAMETERS.trim()}\npod: {add: {metadata: {annotations: {"a/\${free}": x}, labels: {"b-\${pick}": y}}}}`;
    const given = {
      free: 'f/g',
      word: 'w',
      pick: 'bao',
      switch: true,
      ranged: 1,
      half: 1,
      shells: 'sh',
      option: '-c',
      own: '',
      list: [],
      words: [],
    };
    expect(render(spec, given).pod.map(({ path }) => path)).toEqual([
      ['metadata', 'annotations', 'a/f/g'],
      ['metadata', 'labels', 'b-bao'],
    ]);
  });
});

describe('set names only', () => {
  test.each([
    ['a volume', set('{spec: {volumes: @@[{name: v, emptyDir: {}}]}}')],
    ['a label map as a whole', set('{metadata: {labels: @@{}}}')],
    ['a name', set('{metadata: {name: @@x}}')],
    ['the pod', set('@@{}')],
    ['an image', block('set: {image: @@x}')],
    ['a mount', block('set: {volumeMounts: @@[]}')],
    ['a probe as a whole', block('set: {livenessProbe: {httpGet: {port: @@80}}}')],
    ['an empty probe', block('set: {livenessProbe: @@{}}')],
    ['a lifecycle that is empty', block('set: {lifecycle: @@{}}')],
    ['a choice of a forbidden field', block('set: {$if: switch, then: {command: [a]}, else: {workingDir: @@x}}')],
  ])('not %s', (_, text) => {
    expectRefusal(text, 'template.guard', /cannot be set; .* can/);
  });

  test.each([
    ['annotations and labels', set('{metadata: {annotations: {a: b}, labels: {c: "${free}"}}}')],
    ['annotations from a parameter', set('{metadata: {annotations: {$eval: map}}}')],
    ['shareProcessNamespace', set('{spec: {shareProcessNamespace: {$if: switch, then: true}}}')],
    ['command, args, env', block('set: {command: [a], args: [b], env: [{name: A, value: b}]}')],
    [
      "probes' commands",
      block('set: {startupProbe: {exec: {command: [a]}}, livenessProbe: {$if: switch, then: {exec: {command: [b]}}}}'),
    ],
    [
      'hooks',
      block('set: {lifecycle: {postStart: {httpGet: {port: 1}}, preStop: {$if: switch, then: {sleep: {seconds: 1}}}}}'),
    ],
  ])('%s', (_, text) => {
    expect(compileTemplate('test.yaml', text).name).toBe('example');
  });
});
