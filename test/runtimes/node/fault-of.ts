// Catches the fault that a call must throw.
import { Fault } from '../../../core/errors.ts';

/** The fault that `call` throws; anything else fails the test. */
export const faultOf = (call: () => unknown): Fault => {
  try {
    call();
  } catch (thrown) {
    return expectFault(thrown);
  }
  throw new Error('nothing was thrown');
};

/** The fault that a promise rejects with; anything else fails the test. */
export const faultFrom = async (promise: Promise<unknown>): Promise<Fault> => {
  try {
    await promise;
  } catch (thrown) {
    return expectFault(thrown);
  }
  throw new Error('nothing was thrown');
};

const expectFault = (thrown: unknown): Fault => {
  if (thrown instanceof Fault) {
    return thrown;
  }
  throw new Error('no fault was thrown', { cause: thrown });
};
