// The table of sentences behind every code of a caller who is not let in.

/** Why callers are refused. The codes are for log and metrics: the caller itself hears {@link PUBLIC_REFUSAL} alone. */
export const refusals = {
  'auth.missing': 'The request carries no credential of a kind that is accepted.',
  'auth.size': 'A credential is longer than any that is accepted.',
  'auth.header': 'The Authorization header has a scheme that is not accepted, or no credential behind it.',
  'auth.token': 'The bearer token is none of those that are accepted.',
  'auth.password': 'The name and password are none of those that are accepted.',
  'auth.path': 'The last segment of the path is none of those that are accepted.',
  'auth.certificate': 'The client certificate does not come from an accepted authority, or its time is over.',
  'auth.certificate-name': 'No name of the client certificate is accepted.',
  'auth.jwt': 'The bearer token is no signed JSON Web Token, or it is cut off.',
  'auth.jwt-algorithm': 'The token is signed by an algorithm that is not accepted, or not signed at all.',
  'auth.jwt-key': 'The issuer has no key for this token.',
  'auth.jwt-signature': 'The signature of the token is wrong.',
  'auth.jwt-claims': 'A claim of the token is missing, or is not of its type.',
  'auth.jwt-issuer': 'The token comes from another issuer.',
  'auth.jwt-audience': 'The token is for another audience.',
  'auth.jwt-subject': 'The token belongs to a subject that is not accepted.',
  'auth.jwt-expired': 'The token has expired.',
  'auth.jwt-early': 'The token is not valid yet.',
  'auth.keys': 'The keys of the issuer cannot be had, so no token can be checked.',
} as const;

/** The code of a refusal. */
export type RefusalCode = keyof typeof refusals;

/** All that a refused caller is told, whatever the reason. */
export const PUBLIC_REFUSAL = { code: 'auth.refused', message: 'the caller is not authenticated' } as const;
