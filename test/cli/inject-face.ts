// `podgraft inject` as a face: recorded cases go in as manifests, all pods of one configuration in one run.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emitBlock } from '../../cli/inject/emit.ts';
import type { AdmissionResponseReview, JsonObject } from '../../core/index.ts';
import { own } from '../../core/index.ts';
import { type GoldenCase, readGoldenCases } from '../golden/golden-case.ts';
import type { Face, System } from '../golden/run-cases.ts';
import { type Ran, runCli } from './fake-terminal.ts';

/** The face, and the runs behind it. */
export interface InjectFace extends Face {
  /** The cases that one run can take, by a text that says which. */
  readonly groups: ReadonlyMap<string, readonly GoldenCase[]>;
  readonly runGroup: (cases: readonly GoldenCase[], ...options: readonly string[]) => Promise<Ran>;
  readonly answersOf: (group: string) => Promise<readonly AdmissionResponseReview[]>;
}

/** Makes the face for one system; configuration files are written to a folder. */
export const createInjectFace = (
  { name, needsFacts = () => false }: Pick<System, 'name' | 'needsFacts'>,
  configurationText: (golden: GoldenCase) => string,
  folder: string,
): InjectFace => {
  const groupOf = (golden: GoldenCase): string => `${golden.request.namespace}\n${configurationText(golden)}`;
  const takes = (golden: GoldenCase): boolean => isPlain(golden) && !needsFacts(golden);
  const groups = Map.groupBy(readGoldenCases(name).filter(takes), groupOf);

  const runGroup: InjectFace['runGroup'] = (cases, ...options) => {
    const [first] = cases;
    const config = join(folder, `${[...groups.keys()].indexOf(first === undefined ? '' : groupOf(first))}.yaml`);
    writeFileSync(config, first === undefined ? '' : configurationText(first));
    const stdin = cases.map(({ request }) => `${emitBlock(request.object ?? null, true).join('\n')}\n`).join('---\n');
    const namespace = first?.request.namespace ?? '';
    return runCli(['inject', '-f', '-', '-n', namespace, '--config', config, '--no-service-account', ...options], {
      stdin,
    });
  };

  const answers = new Map<string, Promise<readonly AdmissionResponseReview[]>>();
  const answersOf: InjectFace['answersOf'] = (group) => {
    const known =
      answers.get(group) ?? runGroup(groups.get(group) ?? [], '-o', 'review').then((ran) => parseStream(ran.stdout));
    answers.set(group, known);
    return known;
  };

  return {
    name: 'podgraft inject',
    takes,
    groups,
    runGroup,
    answersOf,
    ask: async (golden) => {
      const group = groupOf(golden);
      const index = groups.get(group)?.findIndex(({ id }) => id === golden.id) ?? -1;
      const review = (await answersOf(group))[index];
      return review === undefined ? { error: 0 } : { review };
    },
  };
};

const OUTSIDE_REVIEW = ['rawBody', 'headers', 'path', 'reviewVersion'];

/** A case that a manifest can be: a Pod that is created in a namespace, sent as one sends it. */
export const isPlain = ({ request }: GoldenCase): boolean => {
  const { object, namespace } = request;
  const metadata = own(object ?? {}, 'metadata') as JsonObject | undefined;
  return (
    OUTSIDE_REVIEW.every((key) => own(request, key) === undefined) &&
    own(object ?? {}, 'kind') === 'Pod' &&
    own(object ?? {}, 'apiVersion') === 'v1' &&
    (own(request, 'operation') ?? 'CREATE') === 'CREATE' &&
    (own(request, 'subResource') ?? '') === '' &&
    (namespace ?? '') !== '' &&
    (metadata?.['namespace'] ?? namespace) === namespace
  );
};

const parseStream = (text: string): readonly AdmissionResponseReview[] =>
  JSON.parse(`[${text.replaceAll('\n}\n{', '\n},\n{')}]`) as readonly AdmissionResponseReview[];
