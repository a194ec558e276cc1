#!/usr/bin/env node
// Nothing is imported before the check of the Node version: an older Node could not read the rest.
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  console.error(
    `spine-sim needs Node 24 or later; this is ${process.version}. "npm install node@24" brings one into a project ` +
      '(npm 12 wants "npm pkg set allowScripts.node=true --json" before); npx takes that one, and so does PATH=$PWD/node_modules/.bin:$PATH.',
  );
  process.exit(1);
}
// Whoever reads the output (head, less) may have seen enough; the simulator itself goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (process.argv[2] !== 'start') process.exit(0);
});
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));

export {};
