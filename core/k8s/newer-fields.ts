// Fields of a Pod that Kubernetes 1.37 has and kubernetes-types 1.30 does not, merged into its declarations.
// Source: the Go structs of k8s.io/api v0.37.1, core/v1. A field that the package has learned can go here.
export {};

declare module 'kubernetes-types/core/v1.js' {
  interface ClusterTrustBundleProjection {
    user?: number;
  }
  interface ConfigMapVolumeSource {
    defaultUser?: number;
  }
  interface Container {
    restartPolicyRules?: ContainerRestartRule[];
  }
  interface ContainerRestartRule {
    action: string;
    exitCodes?: ContainerRestartRuleOnExitCodes;
  }
  interface ContainerRestartRuleOnExitCodes {
    operator: string;
    values?: number[];
  }
  interface DownwardAPIVolumeFile {
    user?: number;
  }
  interface DownwardAPIVolumeSource {
    defaultUser?: number;
  }
  interface EmptyDirVolumeSource {
    mode?: number;
  }
  interface EnvVarSource {
    fileKeyRef?: FileKeySelector;
  }
  interface EphemeralContainer {
    restartPolicyRules?: ContainerRestartRule[];
  }
  interface EvictionResponder {
    name: string;
    priority?: number;
  }
  interface FileKeySelector {
    key: string;
    optional?: boolean;
    path: string;
    volumeName: string;
  }
  interface GRPCAction {
    mode?: string;
  }
  interface HTTPGetAction {
    protocol?: string;
  }
  interface ImageVolumeSource {
    pullPolicy?: string;
    reference?: string;
  }
  interface KeyToPath {
    user?: number;
  }
  interface Lifecycle {
    stopSignal?: string;
  }
  interface PodCertificateProjection {
    certificateChainPath?: string;
    credentialBundlePath?: string;
    keyPath?: string;
    keyType: string;
    maxExpirationSeconds?: number;
    signerName: string;
    user?: number;
    userAnnotations?: { [name: string]: string };
  }
  interface PodResourceClaim {
    resourceClaimName?: string;
    resourceClaimTemplateName?: string;
  }
  interface PodSchedulingGroup {
    podGroupName?: string;
  }
  interface PodSecurityContext {
    seLinuxChangePolicy?: string;
    supplementalGroupsPolicy?: string;
  }
  interface PodSpec {
    evictionResponders?: EvictionResponder[];
    hostnameOverride?: string;
    resources?: ResourceRequirements;
    schedulingGroup?: PodSchedulingGroup;
  }
  interface ProjectedVolumeSource {
    defaultUser?: number;
  }
  interface ResourceClaim {
    request?: string;
  }
  interface SecretVolumeSource {
    defaultUser?: number;
  }
  interface ServiceAccountTokenProjection {
    user?: number;
  }
  interface Volume {
    image?: ImageVolumeSource;
  }
  interface VolumeMount {
    bindMountOptions?: string[];
  }
  interface VolumeProjection {
    podCertificate?: PodCertificateProjection;
  }
}
