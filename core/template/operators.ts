// Builds the operators that compute a value.
import { type JsonObject, own } from '../json.ts';
import { type Form, withPresent } from './form.ts';
import { choiceForm, nothingForm, operationForm } from './forms.ts';
import { buildUse } from './fragment.ts';
import { buildMap } from './loop.ts';
import { resolvePath } from './scope.ts';
import { isOnly, isScalarShape } from './shape.ts';
import { type Build, type BuildOperator, below, only, requireKind, type Site } from './site.ts';

const buildEval: BuildOperator = (raw, site) => {
  only(raw, ['$eval'], site);
  const { mark, refuse } = site.building;
  return resolvePath(raw['$eval'], site.scope, { mark, refuse, at: [...site.at, '$eval'] });
};

const buildIf: BuildOperator = (raw, site, build) => {
  only(raw, ['$if', 'then', 'else'], site);
  const { scope, building, at } = site;
  const { mark, refuse } = building;
  const thenRaw = own(raw, 'then');
  const elseRaw = own(raw, 'else');
  if (thenRaw === undefined) {
    return refuse('form', '$if needs then', at);
  }
  const condition = resolvePath(raw['$if'], scope, { mark, refuse, at: [...at, '$if'] });
  const known = isKnown(condition);
  const buildElse = () => (elseRaw === undefined ? undefined : build(elseRaw, below(site, 'else')));
  if (known === false) {
    return buildElse() ?? nothingForm(mark, at);
  }
  const inside = { ...scope, facts: withPresent(scope.facts, condition) };
  const yes = build(thenRaw, { scope: inside, building, at: [...at, 'then'] });
  return known === true ? yes : choiceForm(mark, { condition, yes, no: buildElse() }, at);
};

/** Whether a condition is yes or no at load already: what `with` binds to a constant is constant. */
const isKnown = (condition: Form): boolean | undefined => {
  switch (condition.kind) {
    case 'scalar':
      return condition.value !== false;
    case 'nothing':
      return false;
    case 'text':
    case 'list':
    case 'map':
      return true;
    default:
      return undefined;
  }
};

const buildOperand = (operator: string, raw: JsonObject, { site, build }: { site: Site; build: Build }): Form => {
  only(raw, [operator], site);
  return build(raw[operator] ?? null, below(site, operator));
};

const buildFlatten: BuildOperator = (raw, site, build) => {
  const operand = buildOperand('$flatten', raw, { site, build });
  requireKind(operand, 'list', below(site, '$flatten'));
  if (operand.kind === 'list') {
    for (const [index, item] of operand.items.entries()) {
      requireKind(item, 'list', below(site, '$flatten', index));
    }
  } else if (operand.shape.items !== undefined && !isOnly(operand.shape.items, 'list')) {
    site.building.refuse('form', '$flatten joins lists; an item of this list is none', below(site, '$flatten').at);
  }
  return operationForm(site.building.mark, 'flatten', operand, site.at);
};

const buildWords: BuildOperator = (raw, site, build) => {
  const operand = buildOperand('$words', raw, { site, build });
  requireKind(operand, 'list', below(site, '$words'));
  if (operand.shape.items !== undefined && !isScalarShape(operand.shape.items)) {
    site.building.refuse('form', '$words joins texts; an item of this list is none', below(site, '$words').at);
  }
  return operationForm(site.building.mark, 'words', operand, site.at);
};

const buildJson: BuildOperator = (raw, site, build) =>
  operationForm(site.building.mark, 'json', buildOperand('$json', raw, { site, build }), site.at);

const buildBase64: BuildOperator = (raw, site, build) => {
  const operand = buildOperand('$base64', raw, { site, build });
  requireKind(operand, 'text', below(site, '$base64'));
  return operationForm(site.building.mark, 'base64', operand, site.at);
};

/** The operators, by name. */
export const OPERATORS: Readonly<Record<string, BuildOperator>> = {
  $eval: buildEval,
  $if: buildIf,
  $map: buildMap,
  $flatten: buildFlatten,
  $words: buildWords,
  $json: buildJson,
  $base64: buildBase64,
  $use: buildUse,
};
