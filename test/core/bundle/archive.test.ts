// Archives: what tar, Go and podgraft write is read; what is broken, too large or out of place is refused.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArchive } from '../../../core/bundle/archive.ts';
import type { BundleFiles } from '../../../core/bundle/parse-files.ts';
import { readTar } from '../../../core/bundle/read-tar.ts';
import { BLOCK, writeTarHeader } from '../../../core/bundle/tar-header.ts';
import { writeTar } from '../../../core/bundle/write-tar.ts';
import { faultFrom, faultOf } from '../../runtimes/node/fault-of.ts';
import { scratchFolder } from '../../runtimes/node/scratch-folder.ts';
import { bytesOf, filesOf, smallFiles } from './small-files.ts';

const MIB = 1024 * 1024;
const limits = { size: 8 * MIB };

const sorted = (files: BundleFiles) => Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));

const pack = (files: BundleFiles): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(writeTar(files)));

const codeOf = async (bytes: Uint8Array<ArrayBuffer>, size = limits.size) =>
  (await faultFrom(readArchive(bytes, { size }))).code;

/** One entry, with any name and type. */
const entry = (name: string, content = '', type = '0'): Uint8Array<ArrayBuffer> => {
  const bytes = bytesOf(content);
  const header = writeTarHeader('', bytes.length);
  header.set(bytesOf(name));
  header.set(bytesOf(type), 156);
  header.set(bytesOf(' '.repeat(8)), 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(bytesOf(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  const block = new Uint8Array(BLOCK + Math.ceil(bytes.length / BLOCK) * BLOCK);
  block.set(header);
  block.set(bytes, BLOCK);
  return block;
};

const END = new Uint8Array(2 * BLOCK);

const tarOf = (...entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat([...entries, END]));

const record = (key: string, value: string): string => {
  const rest = ` ${key}=${value}\n`;
  const length = bytesOf(rest).length;
  return `${length + String(length + 2).length}${rest}`;
};

describe('an archive', () => {
  it('is read as it was written', async () => {
    expect(sorted(await readArchive(pack(smallFiles), limits))).toEqual(sorted(smallFiles));
  });

  it('is the same bytes for the same files in any order', () => {
    expect(writeTar(new Map([...smallFiles].reverse()))).toEqual(writeTar(smallFiles));
  });

  it('holds any content', () => {
    const contents = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,20}(\/[a-z.]{0,20}[a-z])?$/),
      fc.uint8Array({ maxLength: 2000 }),
    );
    fc.assert(
      fc.property(contents, (files) => {
        const map = new Map(Object.entries(files));
        expect(sorted(readTar(writeTar(map), 1000))).toEqual(sorted(map));
      }),
      { numRuns: 200, seed: 14 },
    );
  });

  it.each([['--format=ustar'], ['--format=gnu'], ['--format=pax'], ['--format=v7']])(
    'is read as tar %s writes it, with folders',
    async (format) => {
      const folder = await scratchFolder();
      mkdirSync(path.join(folder, 'templates/one'), { recursive: true });
      writeFileSync(path.join(folder, '.manifest'), '{}');
      writeFileSync(path.join(folder, 'templates/one/template.yaml'), 'x'.repeat(1000));
      const bytes = execFileSync('tar', ['-cz', format, '-C', folder, '.'], { maxBuffer: MIB });
      expect(sorted(await readArchive(new Uint8Array(bytes), limits))).toEqual(
        sorted(filesOf({ '.manifest': '{}', 'templates/one/template.yaml': 'x'.repeat(1000) })),
      );
    },
  );

  it('may hold names with a prefix, and names that only an extended header can carry', async () => {
    const folder = await scratchFolder();
    const deep = path.join('d'.repeat(60), 'e'.repeat(60));
    mkdirSync(path.join(folder, deep), { recursive: true });
    writeFileSync(path.join(folder, deep, 'file'), '1');
    for (const format of ['--format=ustar', '--format=pax']) {
      const bytes = execFileSync('tar', ['-cz', format, '-C', folder, '.'], { maxBuffer: MIB });
      expect([...(await readArchive(new Uint8Array(bytes), limits)).keys()]).toEqual([`${deep}/file`]);
    }
    const named = tarOf(entry('x', record('path', 'ä/b') + record('mtime', '1.5'), 'x'), entry('short', 'content'));
    expect(sorted(readTar(named, 10))).toEqual(sorted(filesOf({ 'ä/b': 'content' })));
    const twice = tarOf(entry('g', record('comment', 'x'), 'g'), entry('a', '1'), entry('b', '2'));
    expect(sorted(readTar(twice, 10))).toEqual(sorted(filesOf({ a: '1', b: '2' })));
  });
});

describe('an archive is refused', () => {
  const packed = pack(smallFiles);

  it('cut off anywhere', async () => {
    const ends = [0, 1, 2, 10, 11, 100, packed.length >> 1, packed.length - 9, packed.length - 8, packed.length - 1];
    for (const end of ends) {
      expect([end, await codeOf(packed.slice(0, end))]).toEqual([end, 'bundle.archive']);
    }
  });

  it('cut off before it was packed', () => {
    const tar = writeTar(smallFiles);
    for (let end = 0; end < tar.length - 2 * BLOCK; end += 100) {
      expect(faultOf(() => readTar(tar.slice(0, end), 1000)).code).toBe('bundle.archive');
    }
  });

  it('with anything behind its end', async () => {
    const more = new Uint8Array(Buffer.concat([writeTar(smallFiles), entry('later', 'x'), END]));
    expect(faultOf(() => readTar(more, 1000)).code).toBe('bundle.archive');
    expect(await codeOf(new Uint8Array([...packed, 1]))).toBe('bundle.archive');
  });

  it.each([
    ['no gzip at all', bytesOf('hello')],
    ['a tar file that is not packed', writeTar(smallFiles)],
    ['gzip of something else', new Uint8Array(gzipSync('x'.repeat(2000)))],
    ['gzip of nothing', new Uint8Array(gzipSync(''))],
    ['a zip file', bytesOf('PK\u0003\u0004')],
  ])('that is %s', async (_, bytes) => {
    expect(await codeOf(bytes)).toBe('bundle.archive');
  });

  it('with any byte of a header or of the packing changed, or is read as it was', async () => {
    for (let index = 0; index < packed.length; index += 1) {
      const changed = packed.slice();
      changed[index] = (changed[index] ?? 0) ^ 0xff;
      const result = await readArchive(changed, limits).then(sorted, ({ code }) => code);
      if (result !== 'bundle.archive') {
        // The flags, the time and the system in the header of gzip say nothing of the content.
        expect([index, result]).toEqual([index, sorted(smallFiles)]);
        expect(index).toBeLessThan(10);
      }
    }
  });

  it('whose names lead elsewhere, or nowhere', () => {
    const names = [
      '../a',
      'a/../b',
      '/../a',
      './../a',
      '..',
      'a/..',
      '//a',
      'a//b',
      './/a',
      'a/./b',
      'a\\b',
      'c:/a',
      'a\nb',
    ];
    for (const name of [...names, 'a\u007fb', './', '/', '.', 'templates/']) {
      expect([name, faultOf(() => readTar(tarOf(entry(name, 'x')), 10)).code]).toEqual([name, 'bundle.path']);
      const extended = tarOf(entry('x', record('path', name), 'x'), entry('plain', 'x'));
      expect([name, faultOf(() => readTar(extended, 10)).code]).toEqual([name, 'bundle.path']);
    }
    expect(faultOf(() => readTar(tarOf(entry('', 'x')), 10)).code).toBe('bundle.path');
    expect(faultOf(() => readTar(tarOf(entry('../x/', '', '5')), 10)).code).toBe('bundle.path');
  });

  it('whose names are not UTF-8, hold NUL, or are too long', () => {
    const block = entry('ab', 'x');
    block[1] = 0xff;
    block.set(entry('a', 'x').subarray(148, 156), 148);
    // The checksum: "b" became 0xff.
    const sum = block.subarray(0, BLOCK).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
    block.set(bytesOf(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
    expect(faultOf(() => readTar(tarOf(block), 10)).code).toBe('bundle.path');
    for (const name of ['a\0b', 'x'.repeat(256)]) {
      const extended = tarOf(entry('x', record('path', name), 'x'), entry('plain', 'x'));
      expect(faultOf(() => readTar(extended, 10)).code).toBe('bundle.path');
    }
  });

  it('with a file twice, under whatever name', () => {
    for (const [one, other] of [
      ['data.json', 'data.json'],
      ['data.json', '/data.json'],
      ['./data.json', 'data.json'],
    ] as const) {
      expect(faultOf(() => readTar(tarOf(entry(one, '{}'), entry(other, '{}')), 10)).code).toBe('bundle.path');
    }
  });

  it.each(['1', '2', '3', '4', '6', '7', 'L', 'S', 'V'])('with an entry of type %s', (type) => {
    expect(faultOf(() => readTar(tarOf(entry('a', '', type)), 10)).code).toBe('bundle.path');
  });

  it('with a link that tar wrote', async () => {
    const folder = await scratchFolder();
    symlinkSync('/etc/passwd', path.join(folder, 'data.json'));
    const bytes = execFileSync('tar', ['-cz', '-C', folder, '.'], { maxBuffer: MIB });
    expect(await codeOf(new Uint8Array(bytes))).toBe('bundle.path');
  });

  it.each([
    ['of no length', 'path=a\n'],
    ['of a wrong length', '99 path=a\n'],
    ['without a value', '8 path\n\n'],
    ['without an end', '9 path=ab'],
    ['of length 0', '0 path=a\n'],
    ['of a length that is not decimal', '0xb path=a\n'],
    ['with a size', record('size', '1')],
    ['with a link', record('linkpath', '/etc')],
  ])('with an extended header %s', (_, content) => {
    expect(faultOf(() => readTar(tarOf(entry('x', content, 'x'), entry('a', 'x')), 10)).code).toBe('bundle.archive');
  });

  it.each(['', 'x', '-1', '99999999999', '\u0080\0\0\0\0\0\0\0\0\0\u0004\0'])('with a size of %j', (size) => {
    const block = entry('a');
    block.set(new Uint8Array(12), 124);
    block.set(
      Uint8Array.from(size, (character) => character.charCodeAt(0)),
      124,
    );
    const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
    block.set(bytesOf(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
    expect(faultOf(() => readTar(tarOf(block), 10)).code).toBe('bundle.archive');
  });

  it('with more entries than a bundle has', () => {
    const many = Array.from({ length: 11 }, (_, index) => entry(`f${index}`));
    expect(faultOf(() => readTar(tarOf(...many), 10)).code).toBe('bundle.size');
    expect(readTar(tarOf(...many), 11).size).toBe(11);
  });

  it('larger than the limit, packed or unpacked', async () => {
    const noise = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 2_654_435_761) >>> 13);
    const files = filesOf({ noise });
    expect(await codeOf(pack(files), 200_000)).toBe('bundle.size');
    expect(await codeOf(pack(files), pack(files).length)).toBe('bundle.size');
    expect((await readArchive(pack(files), { size: 400_000 })).size).toBe(1);
  });

  it('as a bomb, before it goes off', async () => {
    // 4 GiB of zeros would come to 4 MiB; here 300 MiB to 300 KiB, in pieces that are never all in memory.
    const bomb = new Uint8Array(gzipSync(new Uint8Array(300 * MIB), { level: 9 }));
    expect(bomb.length).toBeLessThan(400_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await codeOf(bomb, 1024 * MIB)).toBe('bundle.size');
    expect(await codeOf(bomb, 8 * MIB)).toBe('bundle.size');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(128 * MIB);
  });
});
