// What the core offers to runtimes and to the command line.

export type { AdmissionResponseReview } from './admission/response.ts';
export {
  type AuthenticationSettings,
  type Authenticator,
  createAuthenticator,
  type Surroundings,
} from './authentication/authenticator.ts';
export { type ClientCertificate, isCertificateName, readTlsClientAuth } from './authentication/client-certificate.ts';
export { type CredentialKind, parseCredentials } from './authentication/credentials.ts';
export { type JwtAlgorithm, jwtAlgorithms } from './authentication/jwt.ts';
export type { Caller, Credentials, Verdict } from './authentication/method.ts';
export { type RefusalCode, refusals } from './authentication/refusal.ts';
export type { Bundle, TemplateFile } from './bundle/bundle.ts';
export { type Configuration, parseConfiguration } from './bundle/configuration.ts';
export { Fault, formatFault, type Place, toError } from './errors.ts';
export { type AppOptions, createApp, type ReviewEvent } from './http/app.ts';
export { createInjector, type Injector, type InjectorOptions } from './injector.ts';
export { isObject, type JsonObject, type JsonValue, own, pointer } from './json.ts';
export type { Operation } from './patch/operation.ts';
export type { Lookup } from './policy/decision.ts';
export type { Fact, FindFacts, LookupContext } from './policy/facts.ts';
export type { Outcome, RequestIdentity, Review, Timings } from './review.ts';
