// Says in a sentence what a failure of podgraft's own means for whoever reads the log; nothing of a request is in it.

/** By the code of the fault. */
const SENTENCES: Readonly<Record<string, string>> = {
  'policy.load': 'a new instance of the policy could not be made: it may need more than policyMemory gives',
  'policy.evaluate':
    'the policy failed on this pod: it may have needed more than policyMemory gives, or it has a mistake',
  'policy.undefined': 'podgraft/decision has no value: the bundle is none for podgraft',
  'policy.decision': 'the policy gave something that is no decision: the bundle has a mistake',
  'policy.lookups': 'the policy asked for too many facts, or for facts a second time: the bundle has a mistake',
  'template.unknown': 'the policy named a template that its system does not have: the bundle has a mistake',
  'template.parameter': 'the policy gave a template parameters that its schema refuses: the bundle has a mistake',
  'template.container': 'the policy named a container that the pod lacks or has twice: the bundle has a mistake',
  'facts.timeout': 'a lookup took longer than the API server waits: see podgraft_lookup_duration_seconds for which',
  'review.busy': 'the bodies of the requests under way hold more than bodiesLimit: raise it, or run more replicas',
  internal: 'a mistake in podgraft: please report this line',
};

/** The sentence for a code. */
export const faultSentence = (code: string): string => SENTENCES[code] ?? 'podgraft could not review this request';
