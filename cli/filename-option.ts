// The option by which manifests are named, several in order.
import { InvalidArgumentError, Option } from 'commander';

/** Makes the option `-f`, which must be given. */
export const filenameOption = (help: string): Option =>
  new Option('-f, --filename <FILE>', `${help} Repeatable.`).argParser(collect).makeOptionMandatory();

const collect = (file: string, before: readonly string[] = []): readonly string[] => {
  if (file === '-' && before.includes(file)) {
    throw new InvalidArgumentError('Standard input can be read only once.');
  }
  return [...before, file];
};
