// Writes `.br` and `.gz` beside every text asset of dist/, so the server never compresses on the
// fly. Files that barely shrink are left alone.
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const compressible = /\.(js|css|html|svg|json|txt|ttf)$/;
const minimumBytes = 1024;

const entries = await readdir(dist, { recursive: true });
let before = 0;
let after = 0;
let count = 0;
for (const entry of entries) {
  const path = join(dist, entry);
  if (!compressible.test(entry) || !(await stat(path)).isFile()) continue;
  const bytes = await readFile(path);
  if (bytes.length < minimumBytes) continue;
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 10,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
    promisify(gzip)(bytes, { level: 9 }),
  ]);
  if (br.length < bytes.length * 0.95) await writeFile(`${path}.br`, br);
  if (gz.length < bytes.length * 0.95) await writeFile(`${path}.gz`, gz);
  before += bytes.length;
  after += br.length;
  count += 1;
}
console.log(`precompressed ${count} files: ${before} bytes, ${after} as brotli`);
