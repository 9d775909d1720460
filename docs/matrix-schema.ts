/** Makes docs/kport.schema.json out of the zod schema of kport.yml: `npm run docs`. A test keeps the two together. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { jsonSchema } from "../src/matrix/file.ts";
import { projectRoot } from "../src/machine/project-root.ts";

await writeFile(path.join(projectRoot(), "docs", "kport.schema.json"), jsonSchema());
