import { fileURLToPath } from 'node:url';
import { build, type InlineConfig, type Plugin } from 'vite';

const entry = fileURLToPath(new URL('./src/widget/main.ts', import.meta.url));

/**
 * The chat widget is one classic script under a name that never changes, because strangers' pages name it. It is
 * therefore built apart from the pages, and nothing of theirs is in it.
 */
const widget = (write: boolean): InlineConfig => ({
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  build: {
    write,
    emptyOutDir: false,
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    target: 'es2022',
    lib: { entry, formats: ['iife'], name: 'earshotChat', fileName: () => 'widget.js' },
  },
});

/** Builds `dist/widget.js` after the pages, and answers `/widget.js` while developing. */
export function widgetBuild(): Plugin {
  let isBuild = false;
  return {
    name: 'earshot-widget',
    configResolved: (config) => {
      isBuild = config.command === 'build';
    },
    closeBundle: async () => {
      if (isBuild) await build(widget(true));
    },
    configureServer: (server) => {
      server.middlewares.use('/widget.js', (_request, response, next) => {
        build(widget(false)).then((built) => {
          const [output] = [built].flat();
          const chunk = output && 'output' in output ? output.output[0] : undefined;
          response.setHeader('content-type', 'text/javascript');
          response.end(chunk?.type === 'chunk' ? chunk.code : '');
        }, next);
      });
    },
  };
}
