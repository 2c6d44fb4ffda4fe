#!/usr/bin/env node
import { runCommandLine } from './cli/command-line.js';

// What this program writes (database, audio, secrets, backups) is for its own user's eyes only.
process.umask(0o077);

process.exitCode = await runCommandLine(process.argv.slice(2), process.env);
