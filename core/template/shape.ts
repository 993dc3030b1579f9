// Shapes: what is known at load of the values that a form can yield.

/** The kinds of value. There is no null. */
export type Kind = 'text' | 'number' | 'boolean' | 'list' | 'map';

/**
 * How much of a value is open: `constant` stands in the template, `bounded` is one of a closed set or range,
 * `word` is a plain shell word, `free` may be anything. Of a list or map it is that of its freest part.
 */
export type Freedom = 'constant' | 'bounded' | 'word' | 'free';

/** A member of a map. */
export interface Member {
  readonly shape: Shape;
  readonly optional: boolean;
}

/** What a value can be. */
export interface Shape {
  readonly kinds: ReadonlySet<Kind>;
  readonly freedom: Freedom;
  /** Every text that a scalar can be, where that is a short closed list. */
  readonly choices?: readonly string[] | undefined;
  /** Words that the pod itself wrote: the kubelet is to expand them. */
  readonly kubelet: boolean;
  /** Of a list. */
  readonly items?: Shape | undefined;
  /** Of a map: the declared keys. */
  readonly members?: ReadonlyMap<string, Member> | undefined;
  /** Of a map: the values of all other keys. */
  readonly rest?: Shape | undefined;
}

const FREEDOMS: readonly Freedom[] = ['constant', 'bounded', 'word', 'free'];

/** The freer of two. */
export const freer = (a: Freedom, b: Freedom): Freedom => (FREEDOMS.indexOf(a) < FREEDOMS.indexOf(b) ? b : a);

/** The freest of several. */
export const freest = (freedoms: Iterable<Freedom>): Freedom => {
  let most: Freedom = 'constant';
  for (const freedom of freedoms) {
    most = freer(most, freedom);
  }
  return most;
};

/** A scalar. */
export const scalarShape = (
  kind: 'text' | 'number' | 'boolean',
  freedom: Freedom,
  { choices, kubelet = false }: { readonly choices?: readonly string[] | undefined; readonly kubelet?: boolean } = {},
): Shape => ({ kinds: new Set([kind]), freedom, choices, kubelet });

/** A list of items of one shape; without a shape, the empty list. */
export const listShape = (items: Shape | undefined): Shape => ({
  kinds: new Set(['list']),
  freedom: items?.freedom ?? 'constant',
  kubelet: items?.kubelet ?? false,
  items,
});

/** A map of declared members and, if `rest` is given, of any others. */
export const mapShape = (members: ReadonlyMap<string, Member>, rest?: Shape): Shape => ({
  kinds: new Set(['map']),
  freedom: rest === undefined ? freest([...members.values()].map(({ shape }) => shape.freedom)) : 'free',
  kubelet: false,
  members,
  rest,
});

/** The shape of something that yields no value. */
export const NOTHING: Shape = { kinds: new Set(), freedom: 'constant', choices: [], kubelet: false };

/** What can be either. */
export const either = (a: Shape, b: Shape): Shape => {
  if (a === b || b.kinds.size === 0) {
    return a;
  }
  if (a.kinds.size === 0) {
    return b;
  }
  return {
    kinds: new Set([...a.kinds, ...b.kinds]),
    // A choice among constants is bounded: what stands there is written in the template all the same.
    freedom: freer(a.freedom, b.freedom),
    choices: a.choices && b.choices ? [...new Set([...a.choices, ...b.choices])] : undefined,
    kubelet: a.kubelet && b.kubelet,
    items: eitherOrOne(a.items, b.items),
    members: eitherMembers(a, b),
    rest: eitherOrOne(a.rest, b.rest),
  };
};

/** Any of several; {@link NOTHING} for none. */
export const anyOf = (shapes: Iterable<Shape>): Shape => {
  let result = NOTHING;
  for (const shape of shapes) {
    result = either(result, shape);
  }
  return result;
};

const eitherOrOne = (a: Shape | undefined, b: Shape | undefined): Shape | undefined =>
  a === undefined || b === undefined ? (a ?? b) : either(a, b);

const eitherMembers = (a: Shape, b: Shape): ReadonlyMap<string, Member> | undefined => {
  if (a.members === undefined || b.members === undefined) {
    return a.members ?? b.members;
  }
  const members = new Map<string, Member>();
  for (const key of new Set([...a.members.keys(), ...b.members.keys()])) {
    const [one, two] = [a.members.get(key), b.members.get(key)];
    const found = [one, two].filter((member) => member !== undefined);
    members.set(key, {
      shape: anyOf(found.map(({ shape }) => shape)),
      optional: found.length < 2 || found.some(({ optional }) => optional),
    });
  }
  return members;
};

/** Tells whether every value of the shape can stand in a text. */
export const isScalarShape = ({ kinds }: Shape): boolean => !kinds.has('list') && !kinds.has('map');

/** Tells whether every value of the shape is of one kind. */
export const isOnly = ({ kinds }: Shape, kind: Kind): boolean => [...kinds].every((each) => each === kind);

/** Names what a value of the shape can be. */
export const kindNames = ({ kinds }: Shape): string => [...kinds].join(' or ') || 'nothing';
