// The rows of the table of settings that say what is looked up outside of a review, and where.

import { choices, duration, orOff, size, text } from '../../setting-kind.ts';
import { setting } from '../setting.ts';
import { factKinds } from './lookup.ts';
import { hosts, mirrors, platform } from './registry-kind.ts';

/** Settings of facts. */
export const factSettings = {
  facts: setting(orOff(choices(...factKinds)), {
    fallback: 'off',
    placeholder: 'KINDS|off',
    help: 'Which facts are looked up for policies that ask: image, references, or both with a comma.',
  }),
  factsTimeout: setting(duration({ least: '100ms', most: '30s' }), {
    fallback: '10s',
    placeholder: 'TIME',
    help: 'How long the lookups of one review may take, where the API server waits longer. Then it is answered with 503.',
  }),
  kubeconfig: setting(orOff(text), {
    fallback: '',
    placeholder: 'FILE|off',
    help: 'How facts are read from the Kubernetes API. Without it, as the ServiceAccount of the pod. off: not at all, pull secrets included.',
  }),
  imagePlatform: setting(platform, {
    fallback: 'linux/amd64',
    placeholder: 'PLATFORM',
    help: 'Which image is meant where one name stands for several.',
  }),
  imageCacheSize: setting(size({ least: '64KiB', most: '1GiB' }), {
    fallback: '4MiB',
    placeholder: 'SIZE',
    help: 'The most memory for what was found out about images.',
  }),
  imageCacheAge: setting(duration({ least: '1s', most: '24h' }), {
    fallback: '1m',
    placeholder: 'TIME',
    help: 'How long is kept what was found under a tag. What was found by a digest is kept for a day.',
  }),
  registries: setting(hosts, {
    fallback: '*',
    placeholder: 'HOSTS',
    help: 'The registries that may be asked. One that is named in full may have any address, the others none of this machine or link.',
  }),
  registryMirrors: setting(orOff(mirrors), {
    fallback: 'off',
    placeholder: 'MIRRORS|off',
    help: 'What is asked in place of a registry. It may have any address; only logins for the mirror go to it.',
  }),
  registryConfigFile: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'Logins for registries, as in a config.json of Docker, for the images of all pods. Re-read when it changes.',
  }),
  plainHttpRegistries: setting(orOff(hosts), {
    fallback: 'off',
    placeholder: 'HOSTS|off',
    help: 'The registries that are asked by plain HTTP.',
  }),
  unverifiedRegistries: setting(orOff(hosts), {
    fallback: '*',
    placeholder: 'HOSTS|off',
    help: 'The registries whose certificate is not verified where a pod asks for that.',
  }),
  registryCaFile: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'Certificates of authorities, PEM, that registries are trusted by, beside the usual ones. Re-read when it changes.',
  }),
};
