// Finds the Go command and says which toolchain it would use for the cluster's module.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { buildEnvironment, moduleFolder } from './program.ts';

const execute = promisify(execFile);

/** Names the toolchain and the target, for example `go1.26.8 linux/amd64`; undefined when there is no Go command. */
export const findGo = async (): Promise<string | undefined> => {
  try {
    const { stdout } = await execute('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], {
      cwd: moduleFolder,
      env: { ...process.env, ...buildEnvironment },
      timeout: 120_000, // the first call may fetch the toolchain that go.mod names
    });
    const [version, system, architecture] = stdout.trim().split('\n');
    return `${version} ${system}/${architecture}`;
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
