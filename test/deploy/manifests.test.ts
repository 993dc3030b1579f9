// The manifests agree with each other, and with the settings they give to the server.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../core/bundle/configuration.ts';
import { createInjector } from '../../core/injector.ts';
import { parseFlags } from '../../runtimes/node/parse-flags.ts';
import { readSettings } from '../../runtimes/node/read-settings.ts';
import { testBundle } from '../test-bundle.ts';
import { deployFolder, type Manifest, readManifests, referencesOf, resourcesOf } from './manifests.ts';

const base = path.join(deployFolder, 'base');
const overlays = ['cert-manager', 'own-certificate'].map((name) => path.join(deployFolder, 'overlays', name));
const [certManager = '', ownCertificate = ''] = overlays;

const one = (kind: string): Manifest => {
  const found = resourcesOf(base).filter((manifest) => manifest.kind === kind);
  expect(found, kind).toHaveLength(1);
  return found[0];
};

const deployment = one('Deployment');
const pod = deployment.spec.template.spec;
const [container] = pod.containers;
const service = one('Service');
const [webhook] = one('MutatingWebhookConfiguration').webhooks;
const namespace: string = one('Namespace').metadata.name;
const configurationFile = path.join(base, 'podgraft.yaml');
const configuration = parseConfiguration(readFileSync(configurationFile, 'utf8'), configurationFile);
const settings = readSettings(parseFlags(container.args), {}, configuration);

describe('kustomizations', () => {
  it.each([base, ...overlays])('%s names files that exist', (folder) => {
    for (const file of referencesOf(folder)) {
      expect(existsSync(file), file).toBe(true);
    }
  });

  it('name every file there is', () => {
    for (const folder of [base, ...overlays]) {
      const named = new Set(['kustomization.yaml', ...referencesOf(folder).map((file) => path.relative(folder, file))]);
      expect(readdirSync(folder).filter((file) => !named.has(file))).toEqual([]);
    }
  });

  it.each([base, ...overlays])('%s puts everything into the one namespace', (folder) => {
    expect(readManifests(path.join(folder, 'kustomization.yaml'))[0].namespace).toBe(namespace);
    for (const { metadata } of resourcesOf(folder)) {
      expect(metadata.namespace).toBeUndefined();
    }
  });

  it.each(overlays)('%s has no two objects of one name', (folder) => {
    const names = resourcesOf(folder).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('labels', () => {
  const labels: Record<string, string> = deployment.spec.template.metadata.labels;
  it.each([
    ['the Deployment', deployment.spec.selector.matchLabels],
    ['the Service', service.spec.selector],
    ['the PodDisruptionBudget', one('PodDisruptionBudget').spec.selector.matchLabels],
    ['the NetworkPolicy', one('NetworkPolicy').spec.podSelector.matchLabels],
    ...pod.topologySpreadConstraints.map((spread: Manifest) => ['a spread', spread.labelSelector.matchLabels]),
  ])('%s selects the pods', (_, selector) => {
    expect(Object.keys(selector).length).toBeGreaterThan(0);
    expect(labels).toMatchObject(selector);
  });
});

describe('ports', () => {
  const ports = new Map<string, number>(container.ports.map((port: Manifest) => [port.name, port.containerPort]));

  it('of the container are those that the server listens on, on every address', () => {
    expect(settings.listen).toEqual({ host: '::', port: ports.get('https') });
    expect(settings.metricsListen).toEqual({ host: '::', port: ports.get('metrics') });
  });

  it('of Service, probes and NetworkPolicy lead to them by name', () => {
    const names = [
      ...service.spec.ports.map((port: Manifest) => port.targetPort),
      ...['startupProbe', 'readinessProbe', 'livenessProbe'].map((probe) => container[probe].httpGet.port),
      ...one('NetworkPolicy').spec.ingress.flatMap((rule: Manifest) => rule.ports.map((port: Manifest) => port.port)),
    ];
    expect(new Set(names)).toEqual(new Set(ports.keys()));
  });

  it('of the webhook is the one of the Service that leads to HTTPS', () => {
    const [https] = service.spec.ports.filter((port: Manifest) => port.targetPort === 'https');
    expect(webhook.clientConfig.service).toEqual({
      name: service.metadata.name,
      namespace,
      path: '/mutate',
      port: https.port,
    });
  });
});

describe('the pod', () => {
  it('is let in by the restricted pod security standard', () => {
    expect(one('Namespace').metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.volumes.map((volume: Manifest) => Object.keys(volume)[1])).toEqual(['configMap', 'secret']);
  });

  it('has no token, neither by itself nor by its account', () => {
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(one('ServiceAccount')).toMatchObject({
      metadata: { name: pod.serviceAccountName },
      automountServiceAccountToken: false,
    });
  });

  it('reads the files that are mounted, as folders, so that a change arrives', () => {
    const mounts = new Map<string, string>(
      container.volumeMounts.map((mount: Manifest) => [mount.name, mount.mountPath]),
    );
    expect(container.volumeMounts.some((mount: Manifest) => 'subPath' in mount)).toBe(false);
    expect(settings.config).toBe(`${mounts.get('configuration')}/podgraft.yaml`);
    expect(settings.certificateFile).toBe(`${mounts.get('certificate')}/tls.crt`);
    expect(settings.keyFile).toBe(`${mounts.get('certificate')}/tls.key`);
    const [generator] = readManifests(path.join(base, 'kustomization.yaml'))[0].configMapGenerator;
    expect(pod.volumes[0].configMap.name).toBe(generator.name);
    expect(generator.options.disableNameSuffixHash).toBe(true);
  });

  it('has time to drain, and is out of the Service before it stops to accept', () => {
    const { drainDelay, drainTimeout } = settings;
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(drainDelay + drainTimeout);
    expect(drainDelay).toBeGreaterThan(0);
    expect(settings.keepAliveTimeout).toBeGreaterThan(90_000);
  });

  it('has room for the memory that the policy may use', () => {
    expect(container.resources.limits.memory).toBe('512Mi');
    expect(settings.policyMemory).toBeLessThanOrEqual(256 * 1024 * 1024);
  });

  it('can lose one of its two to a drained node', () => {
    expect(deployment.spec.replicas).toBe(2);
    expect(one('PodDisruptionBudget').spec.maxUnavailable).toBe(1);
  });

  it('runs the user of the image', () => {
    const dockerfile = readFileSync(path.join(deployFolder, '../Dockerfile'), 'utf8');
    const { runAsUser, runAsGroup } = pod.securityContext;
    expect(dockerfile).toContain(`USER ${runAsUser}:${runAsGroup}\n`);
    expect(dockerfile).toContain(`EXPOSE ${settings.listen.port} `);
  });
});

describe('the webhook', () => {
  it('sees created pods and nothing else', () => {
    expect(webhook.rules).toEqual([
      { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], scope: 'Namespaced' },
    ]);
  });

  it('never selects its own namespace or the cluster’s', () => {
    expect(webhook.namespaceSelector.matchExpressions).toEqual([
      {
        key: 'kubernetes.io/metadata.name',
        operator: 'NotIn',
        values: expect.arrayContaining([namespace, 'kube-system']),
      },
    ]);
  });

  it('says how it fails, is called again, and has no side effects', () => {
    expect(webhook).toMatchObject({
      failurePolicy: expect.stringMatching(/^(Ignore|Fail)$/),
      matchPolicy: 'Equivalent',
      reinvocationPolicy: 'IfNeeded',
      sideEffects: 'None',
      timeoutSeconds: 5,
      admissionReviewVersions: ['v1'],
    });
    expect(webhook.name.split('.').length).toBeGreaterThanOrEqual(3);
  });

  it('goes to a pod that nothing leaves, and that reviews reach from anywhere', () => {
    const { spec } = one('NetworkPolicy');
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(spec.egress).toEqual([]);
    expect(spec.ingress[0]).toEqual({ ports: [{ port: 'https', protocol: 'TCP' }] });
  });
});

describe('certificates', () => {
  const host = `${service.metadata.name}.${namespace}.svc`;
  const { secretName } = pod.volumes[1].secret;

  it('of cert-manager are for the Service, in the Secret that is mounted, signed by the authority that is injected', () => {
    const manifests = readManifests(path.join(certManager, 'certificate.yaml'));
    const named = (kind: string, name: string) =>
      manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
    const leaf = manifests.find(({ kind, spec }) => kind === 'Certificate' && spec.secretName === secretName);
    expect(leaf.spec.dnsNames).toContain(host);
    const authority = named('Issuer', leaf.spec.issuerRef.name);
    const root = manifests.find(
      ({ kind, spec }) => kind === 'Certificate' && spec.secretName === authority.spec.ca.secretName,
    );
    expect(root.spec.isCA).toBe(true);
    expect(named('Issuer', root.spec.issuerRef.name).spec).toEqual({ selfSigned: {} });
    const [patch] = readManifests(path.join(certManager, 'inject-authority.yaml'));
    expect(patch.metadata).toEqual({
      name: one('MutatingWebhookConfiguration').metadata.name,
      annotations: { 'cert-manager.io/inject-ca-from': `${namespace}/${leaf.metadata.name}` },
    });
  });

  it('of your own cannot be forgotten: what stands for the authority is no base64', () => {
    const [[patch]] = readManifests(path.join(ownCertificate, 'authority.yaml')) as [Manifest];
    expect(patch).toMatchObject({ op: 'add', path: '/webhooks/0/clientConfig/caBundle' });
    expect(patch.value).not.toMatch(/^[A-Za-z0-9+/=]*$/);
    const readme = readFileSync(path.join(deployFolder, 'README.md'), 'utf8');
    expect(readme).toContain(`create secret tls ${secretName} `);
    expect(readme).toContain(host);
  });
});

describe('the configuration', () => {
  it('is taken by the bundle without a doubt', async () => {
    const injector = await createInjector({ bundle: await testBundle(), configuration });
    expect(injector.warnings).toEqual([]);
  }, 180_000);
});
