// Runs the cases in Node, Deno or Bun: `local-entry.mjs POLICY.WASM INPUT.JSON`, digests on standard output.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { digestAnswers, runSuite, type SuiteInput } from './suite.ts';

const [wasm = '', input = ''] = process.argv.slice(2);
const module = await WebAssembly.compile(new Uint8Array(readFileSync(wasm)));
const answers = await runSuite(JSON.parse(readFileSync(input, 'utf8')) as SuiteInput, module);
process.stdout.write(JSON.stringify(await digestAnswers(answers)));
