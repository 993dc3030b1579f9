// Folders watched: by events, and by a timer where there are none.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchFolders } from '../../../runtimes/node/watch-folders.ts';
import { scratchFolder } from './scratch-folder.ts';
import { mountSecret } from './secret-mount.ts';

const watchOne = (folder: string, { interval = 60_000, settle = 10, changed = async (): Promise<void> => {} } = {}) => {
  const count = { calls: 0 };
  const watch = watchFolders({
    folders: async () => [folder],
    interval,
    settle,
    changed: async () => {
      count.calls += 1;
      await changed();
    },
  });
  onTestFinished(() => watch.close());
  return { count, watch };
};

const reaches = (count: { readonly calls: number }, calls: number) =>
  vi.waitFor(() => expect(count.calls).toBeGreaterThanOrEqual(calls), { timeout: 5000, interval: 5 });

describe('watchFolders', () => {
  it('looks once at the start', async () => {
    const { count } = watchOne(await scratchFolder());
    await reaches(count, 1);
  });

  it('sees a file written, and one moved over another', async () => {
    const folder = await scratchFolder();
    const { count } = watchOne(folder);
    await reaches(count, 1);
    await writeFile(path.join(folder, 'a'), '1');
    await reaches(count, 2);
    await writeFile(path.join(folder, 'b'), '2');
    await reaches(count, 3);
    await rename(path.join(folder, 'b'), path.join(folder, 'a'));
    await reaches(count, 4);
  });

  it('sees the swap of a Secret mount', async () => {
    const folder = await scratchFolder();
    const mount = await mountSecret(folder, { 'tls.crt': 'one' });
    const { count } = watchOne(folder);
    await reaches(count, 1);
    await mount.swap({ 'tls.crt': 'two' });
    await reaches(count, 2);
  });

  it('looks at the latest after the interval, also where the folder is missing', async () => {
    const folder = path.join(await scratchFolder(), 'missing');
    const { count } = watchOne(folder, { interval: 20 });
    await reaches(count, 3);
  });

  it('watches a folder again that was replaced', async () => {
    const folder = path.join(await scratchFolder(), 'bundle');
    await mkdir(folder);
    const { count } = watchOne(folder, { interval: 50 });
    await reaches(count, 1);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    const before = count.calls;
    await reaches(count, before + 2);
    await writeFile(path.join(folder, 'a'), '1');
    await reaches(count, before + 3);
  });

  it('does not starve where something is always written', async () => {
    const folder = await scratchFolder();
    const { count } = watchOne(folder, { settle: 30 });
    await reaches(count, 1);
    for (let index = 0; index < 60 && count.calls < 3; index += 1) {
      await writeFile(path.join(folder, 'noise'), String(index));
      await wait(5);
    }
    expect(count.calls).toBeGreaterThanOrEqual(3);
  });

  it('never calls twice at once, and looks again after what came meanwhile', async () => {
    const folder = await scratchFolder();
    let open = 0;
    let most = 0;
    const { count } = watchOne(folder, {
      settle: 1,
      changed: async () => {
        open += 1;
        most = Math.max(most, open);
        await writeFile(path.join(folder, `call-${count.calls}`), '');
        await wait(20);
        open -= 1;
      },
    });
    await reaches(count, 4);
    expect(most).toBe(1);
  });

  it('is quiet once closed, and has let a running call end', async () => {
    const folder = await scratchFolder();
    let ended = false;
    const { count, watch } = watchOne(folder, {
      interval: 5,
      changed: async () => {
        await wait(30);
        ended = true;
      },
    });
    await reaches(count, 1);
    await watch.close();
    expect(ended).toBe(true);
    const { calls } = count;
    await writeFile(path.join(folder, 'late'), '');
    await wait(60);
    expect(count.calls).toBe(calls);
  });
});
