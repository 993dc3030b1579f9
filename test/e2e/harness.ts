// What every end-to-end test file starts with: a podgraft server, watched, and registered with the cluster.
import type { Api } from '../../scripts/cluster/api.ts';
import { type Authority, createAuthority } from '../../scripts/cluster/certificate.ts';
import { type PodgraftServer, startPodgraft } from './podgraft-server.ts';
import { connect, ensureNamespace } from './test-cluster.ts';
import { registerWebhook, selectedBy, untilCalled } from './webhook-configuration.ts';
import { relayTo, startWebhookServer, type WebhookServer } from './webhook-server.ts';

/** The configuration that the recorded cases were made with: vault-k8s asks for an address and nothing else. */
export const basicConfiguration = `apiVersion: podgraft.dev/v1alpha1
kind: Configuration
policy:
  vault_agent:
    defaults:
      service: https://vault.platform.svc:8200
`;

export interface Harness {
  readonly api: Api;
  readonly authority: Authority;
  /** Stands between the API server and podgraft, and keeps what passes. */
  readonly relay: WebhookServer;
  /** Makes a namespace whose pods podgraft gets to see. */
  readonly selected: (namespace: string, accounts?: readonly string[]) => Promise<void>;
  /** Makes a namespace that podgraft never hears of. */
  readonly unselected: (namespace: string, accounts?: readonly string[]) => Promise<void>;
  /** Stops the podgraft that runs, and starts one with another configuration in its place. */
  readonly reconfigure: (configuration: string) => Promise<void>;
  /** Stops podgraft, so that nothing answers behind the relay. */
  readonly stopPodgraft: () => Promise<void>;
  readonly podgraftLog: () => string;
  readonly end: () => Promise<void>;
}

/** Starts podgraft and registers it as `name`. */
export const startHarness = async (name: string, configuration: string = basicConfiguration): Promise<Harness> => {
  const api = connect();
  const authority = await createAuthority(`podgraft-e2e-${name}`);
  const certificate = await authority.issueServer('podgraft');
  const start = (text: string): Promise<PodgraftServer> =>
    startPodgraft({ certificate, authority: authority.certificate, configuration: text });
  let podgraft = await start(configuration);
  const relay = await startWebhookServer(
    certificate,
    relayTo(() => podgraft.url, authority.certificate),
  );
  // Failing closed, whatever deploy/base says: otherwise a broken webhook would pass for one that leaves pods alone.
  const changes = { failurePolicy: 'Fail' };
  const unregister = await registerWebhook(api, { name, url: relay.url, authority: authority.certificate, changes });

  const selected = async (namespace: string, accounts: readonly string[] = []): Promise<void> => {
    await ensureNamespace(api, namespace, { labels: selectedBy(name), accounts });
    await untilCalled(api, namespace, () => relay.take().length > 0);
    relay.take();
  };
  return {
    api,
    authority,
    relay,
    selected,
    unselected: (namespace, accounts = []) => ensureNamespace(api, namespace, { accounts }),
    reconfigure: async (text) => {
      await podgraft.stop();
      podgraft = await start(text);
    },
    stopPodgraft: () => podgraft.stop(),
    podgraftLog: () => podgraft.log(),
    end: async () => {
      await unregister();
      await relay.close();
      await podgraft.stop();
      api.close();
    },
  };
};
