import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const server = process.env.MANDRAKE_DEV_SERVER ?? "http://127.0.0.1:4000";

/** Every browser that runs this application reads woff2: KaTeX's other font formats stay out. */
const onlyWoff2: Plugin = {
  name: "only-woff2",
  enforce: "pre",
  transform(source, id) {
    if (!id.includes("katex.min.css")) return;
    return source.replaceAll(/,url\([^)]+\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g, "");
  },
};

export default defineConfig({
  base: "/",
  plugins: [react(), tailwindcss(), onlyWoff2],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    proxy: {
      // The server judges `Origin` and `Host` exactly, so the dev proxy presents the server's own.
      "/api": {
        target: server,
        ws: true,
        changeOrigin: true,
        rewriteWsOrigin: true,
        headers: { origin: server },
      },
    },
  },
  build: {
    target: "es2022",
    // Nothing is inlined: the served policy forbids inline script, and fonts stay cacheable files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    restoreMocks: true,
  },
});
