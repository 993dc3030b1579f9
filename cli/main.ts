#!/usr/bin/env node
// The entry of the command line: runs it on the real process.
import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

process.exitCode = await run(process.argv.slice(2), processTerminal());
