/**
 * Says in one sentence what is wrong when the Node that `npm ci` brings is not there, because its install script was
 * blocked. Runs before TypeScript does, so that the sentence comes instead of a parser's error.
 */
const wanted = 24;

if (Number(process.versions.node.split('.')[0]) < wanted) {
  process.stderr.write(
    `This needs Node.js ${wanted}, and this is ${process.versions.node}. \`npm ci\` brings the right one unless install scripts are blocked: run \`npm rebuild node --ignore-scripts=false && npm run build\`.\n`,
  );
  process.exitCode = 1;
}
