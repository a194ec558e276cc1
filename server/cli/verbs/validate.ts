/** `spine-sim validate`: all files of the user, with file, line and suggestion, without starting anything. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, loadConfig } from '../../config/load.ts';
import { readSets } from '../../core/assure/setFiles.ts';
import { Clock } from '../../core/clock/clock.ts';
import { londonDay } from '../../core/clock/london.ts';
import { RuleFiles } from '../../core/rules/files.ts';
import { loadSeed, SHIPPED_WORLD } from '../../core/world/seed/load.ts';
import { ProblemsError } from '../../core/yaml/problem.ts';
import { RULE_CHECKS } from '../../namedErrors.ts';
import { loadLdifFolder } from '../../services/sds/ldif/folder.ts';
import { textFlag, type Verb } from '../verb.ts';

export const validate: Verb = {
  name: 'validate',
  usage: 'validate [<stubs folder>] [--config <file>]',
  summary: 'check settings, world, rules, scenarios and directory dumps: file, line, what is wrong, what was meant',
  flags: ['config'],
  words: 1,
  async run(invocation) {
    const faults: string[] = [];
    try {
      const config = await loadConfig({ env: process.env, file: textFlag(invocation, 'config') });
      const stubs = resolve(invocation.words[0] ?? config.stubsDir ?? 'stubs');
      if (invocation.words[0] !== undefined && !existsSync(stubs)) faults.push(`${stubs}: there is no such folder`);
      const own = join(stubs, 'world');
      const directories = resolve(own) === resolve(SHIPPED_WORLD) ? [SHIPPED_WORLD] : [SHIPPED_WORLD, own];
      const seed = await loadSeed({ today: londonDay(new Clock().now()), directories });
      for (const { file, line, column, message } of seed.warnings) {
        invocation.print(`warning: ${file}:${line}:${column}: ${message}`);
      }
      for (const { file, warnings } of (await loadLdifFolder(join(stubs, 'sds'), 0)).files) {
        for (const { line, message } of warnings)
          invocation.print(`warning: ${join(stubs, 'sds', file)}:${line}: ${message}`);
      }
      const checks = RULE_CHECKS;
      const rules = new RuleFiles(join(stubs, 'rules'), checks);
      await rules.read();
      const sets = await readSets(join(stubs, 'assure'), checks);
      for (const problem of [...rules.problems, ...sets.flatMap(({ problems }) => problems)]) {
        faults.push(`${problem.file}:${problem.line}:${problem.column}: ${problem.message}`);
      }
    } catch (error) {
      if (!(error instanceof ConfigError || error instanceof ProblemsError)) throw error;
      faults.push(error.message);
    }
    for (const fault of faults) invocation.complain(fault);
    if (faults.length === 0) invocation.print('settings, world and rules are in order');
    return faults.length === 0 ? 0 : 1;
  },
};
