// The core as a face: cases go through `Injector.review`, with no HTTP around it.
import { createInjector, Fault, type FindFacts, type Injector, parseConfiguration } from '../../core/index.ts';
import { testBundle } from '../test-bundle.ts';
import { type GoldenCase, requestBody } from './golden-case.ts';
import type { Face } from './run-cases.ts';

/**
 * Makes the face; injectors are shared by the cases that were recorded with the same settings.
 *
 * @param findFacts what stands for the world outside; absent: nothing is known of it
 */
export const createCoreFace = (configurationText: (golden: GoldenCase) => string, findFacts?: FindFacts): Face => {
  const injectors = new Map<string, Promise<Injector>>();
  const injectorFor = (text: string): Promise<Injector> => {
    const known = injectors.get(text) ?? makeInjector(text, findFacts);
    injectors.set(text, known);
    return known;
  };
  return {
    name: 'the core',
    ask: async (golden) => {
      const injector = await injectorFor(configurationText(golden));
      try {
        return { review: (await injector.review(requestBody(golden))).response };
      } catch (thrown) {
        if (thrown instanceof Fault && thrown.code.startsWith('review.')) {
          return { error: 400 };
        }
        throw thrown;
      }
    },
  };
};

const makeInjector = async (text: string, findFacts: FindFacts | undefined): Promise<Injector> =>
  createInjector({ bundle: await testBundle(), configuration: parseConfiguration(text, 'podgraft.yaml'), findFacts });
