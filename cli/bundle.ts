// podgraft bundle: builds, signs, verifies and shows policy bundles, and writes them for Workers.
import { addBuild } from './bundle-build.ts';
import { addEdge } from './bundle-edge.ts';
import { addInspect } from './bundle-inspect.ts';
import { addSign } from './bundle-sign.ts';
import { addVerify } from './bundle-verify.ts';
import type { AddVerb } from './verb.ts';

/** Adds the verb. */
export const addBundle: AddVerb = (program, terminal, act) => {
  const bundle = program
    .command('bundle')
    .summary('build, sign, verify and show policy bundles')
    .description('Policy bundles: the format of OPA, with templates, configuration schemas and cases added.');
  for (const add of [addBuild, addSign, addVerify, addInspect, addEdge]) {
    add(bundle, terminal, act);
  }
};
