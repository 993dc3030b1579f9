// Gives what a call throws, or what its promise is rejected with.
import { Fault } from '../../../core/errors.ts';

/** The fault of a call; another error, or none, fails the test. */
export const thrownBy = (call: () => unknown): Fault => {
  try {
    call();
  } catch (thrown) {
    return asFault(thrown);
  }
  throw new Error('nothing was thrown');
};

/** The fault of a promise. */
export const rejectedBy = async (promise: Promise<unknown>): Promise<Fault> => {
  try {
    await promise;
  } catch (thrown) {
    return asFault(thrown);
  }
  throw new Error('nothing was thrown');
};

const asFault = (thrown: unknown): Fault => {
  if (thrown instanceof Fault) {
    return thrown;
  }
  throw thrown;
};
