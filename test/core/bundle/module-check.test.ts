// For which module and which podgraft a bundle was made.
import { describe, expect, it } from 'vitest';
import { checkModule, stampManifest } from '../../../core/bundle/module-check.ts';
import { faultOf } from '../../runtimes/node/fault-of.ts';

const manifest = { revision: 'r', roots: ['podgraft'] };

describe('a stamped manifest', () => {
  it('is taken with its module, keeps what it said, and may be stamped again', () => {
    const stamped = stampManifest({ ...manifest, metadata: { team: 'shop' } }, 'sha256:one');
    expect(stamped).toMatchObject({ ...manifest, metadata: { team: 'shop', podgraft: { module: 'sha256:one' } } });
    checkModule(stamped, 'sha256:one');
    checkModule(stampManifest(stamped, 'sha256:two'), 'sha256:two');
  });

  it('is taken with any module where OPA’s own tools made it', () => {
    checkModule(manifest, 'sha256:one');
    checkModule({ ...manifest, metadata: { team: 'shop' } }, 'sha256:one');
    checkModule({ ...manifest, metadata: 'none' }, 'sha256:one');
  });

  it.each([
    ['another module', stampManifest(manifest, 'sha256:two'), 'sha256:two'],
    ['another format', { metadata: { podgraft: { format: 2, module: 'sha256:one' } } }, 'format 2'],
    ['no format', { metadata: { podgraft: { module: 'sha256:one' } } }, 'undefined'],
    ['nothing', { metadata: { podgraft: null } }, 'undefined'],
  ])('is refused when it was made for %s', (_, made, words) => {
    const { code, message } = faultOf(() => checkModule(made, 'sha256:one'));
    expect([code, message]).toEqual(['bundle.module', expect.stringContaining(words)]);
  });
});
