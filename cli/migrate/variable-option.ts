// The option of the migrations by which values go in that a manifest does not carry.
import { InvalidArgumentError, Option } from 'commander';

/** Values by the names of their variables. */
export type Variables = Readonly<Record<string, string>>;

/** Makes the option `--env`. */
export const variableOption = (): Option =>
  new Option('--env <NAME=VALUE>', 'The value of a variable that the Deployment takes from elsewhere. Repeatable.')
    .argParser(collectVariable)
    .default({}, 'none');

const collectVariable = (text: string, before: Variables): Variables => {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw new InvalidArgumentError('It is not NAME=VALUE.');
  }
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
};
