import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { shellBuild } from './shell-build.ts';
import { widgetBuild } from './widget-build.ts';

/** Where `npm run dev` finds a running Earshot server. */
const server = process.env.EARSHOT_URL ?? 'http://127.0.0.1:3000';
const serverPaths =
  '^/(api|auth|tts|files|playback|user|health|docs|metrics|v1|setup/api|admin/(?:api|auth|settings|analytics|webhooks|onboarding))(/|$|\\?)';

export default defineConfig({
  plugins: [react(), tailwindcss(), widgetBuild(), shellBuild()],
  build: {
    // The server's content security policy has no room for inlined data in styles or scripts.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
  },
  server: { proxy: { [serverPaths]: { target: server, changeOrigin: true, ws: true } } },
});
