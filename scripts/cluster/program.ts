// The programs of the test cluster, and how each is compiled.
import { readFileSync } from 'node:fs';

/** The Go module that pins the programs' sources. */
export const moduleFolder = new URL('../../tools/cluster/', import.meta.url);

/** One program to compile. `timeout` is in milliseconds: about three times what two idle cores need, and 25 minutes for all of them. */
export interface Program {
  readonly name: 'etcd' | 'kube-apiserver' | 'kube-controller-manager';
  readonly package: string;
  readonly linkerFlags: string;
  readonly timeout: number;
}

/** Flags of `go build` that every program shares. They are part of the cache's key. */
export const buildFlags: readonly string[] = ['-mod=readonly', '-trimpath', '-buildvcs=false'];

/** The environment that the flags need: no C compiler, nothing of the developer's own settings. */
export const buildEnvironment: Readonly<Record<string, string>> = { CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' };

/** Lists the programs in the order in which they are compiled: what the first leaves in Go's cache serves the next. */
export const listPrograms = (): readonly Program[] => {
  const stamped = versionFlags(kubernetesVersion());
  const minutes = 60_000;
  return [
    { name: 'etcd', package: 'go.etcd.io/etcd/server/v3', linkerFlags: '-s -w', timeout: 4 * minutes },
    {
      name: 'kube-apiserver',
      package: 'k8s.io/kubernetes/cmd/kube-apiserver',
      linkerFlags: stamped,
      timeout: 14 * minutes,
    },
    {
      name: 'kube-controller-manager',
      package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
      linkerFlags: stamped,
      timeout: 7 * minutes,
    },
  ];
};

const kubernetesVersion = (): string => {
  const text = readFileSync(new URL('go.mod', moduleFolder), 'utf8');
  const version = /^\s*k8s\.io\/kubernetes (v\S+)/m.exec(text)?.[1];
  if (version === undefined) {
    throw new Error('tools/cluster/go.mod names no version of k8s.io/kubernetes');
  }
  return version;
};

/** Without a stamp `/version` answers v0.0.0-master; upstream's own build sets the same variables. */
const versionFlags = (version: string): string => {
  const [major, minor] = version.replace(/^v/, '').split('.');
  const values = [`gitVersion=${version}`, `gitMajor=${major}`, `gitMinor=${minor}`, 'gitTreeState=archive'];
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  return ['-s -w', ...packages.flatMap((name) => values.map((value) => `-X ${name}.${value}`))].join(' ');
};
