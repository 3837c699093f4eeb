// Usage: npm run generate -- <openapi.json> [--check | --print]
//
// Writes src/api/schema.d.ts from the server's OpenAPI document. With --check nothing is written:
// the exit code is 1 when the file in the tree is not what the document says. With --print the text
// goes to standard output.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import openapi, { astToString } from "openapi-typescript";

const target = fileURLToPath(new URL("../../src/api/schema.d.ts", import.meta.url));
const args = process.argv.slice(2);
const source = args.find((argument) => !argument.startsWith("--"));
if (!source) {
  console.error("Name the OpenAPI document: npm run generate -- path/to/openapi.json");
  process.exit(2);
}

const types = await openapi(pathToFileURL(source), { alphabetize: true });
const text = `// Made by tools/openapi from the server's OpenAPI document. Do not edit.\n\n${astToString(types)}`;
if (args.includes("--print")) {
  process.stdout.write(text);
} else if (args.includes("--check")) {
  const now = await readFile(target, "utf-8").catch(() => "");
  if (now !== text) {
    console.error("src/api/schema.d.ts is stale: run `npm run generate` in web/tools/openapi.");
    process.exit(1);
  }
} else {
  await writeFile(target, text, "utf-8");
  console.log(`wrote ${target}`);
}
