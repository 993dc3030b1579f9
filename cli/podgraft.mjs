#!/usr/bin/env node
// Starts the command line, or says that this Node is too old for it. Plain JavaScript, so that an old Node can read it.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  await import('./main.ts');
} else {
  process.stderr.write(
    `podgraft needs Node 22.18 or newer; this is ${process.version}. In its repository, after "npm ci", "npx podgraft" brings a fitting one.\n`,
  );
  process.exitCode = 1;
}
