// `headwater restore`: puts a backup in the place of the data folder's database.
import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { plainText } from "../lib/export/names";
import { type Command, say, UsageError } from "./command";
import { contentsText, copyStore, folderOf, placeStore, sizeOf, storeFile, withFolder } from "./data-folder";

export const RESTORE_USAGE = "headwater restore [--data DIR] [--force] FILE";

export const restore: Command = async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { data: { type: "string" }, force: { type: "boolean", default: false } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError("name one backup");
  if (!(await sizeOf(file))) {
    say(`${plainText(file)}: there is no such file, or it is empty.`);
    return 2;
  }
  const dataDir = folderOf(values.data);
  await mkdir(dataDir, { recursive: true });
  return await withFolder(dataDir, async () => {
    const path = storeFile(dataDir);
    if (!values.force && (await sizeOf(path)) !== null) {
      say(`${plainText(dataDir)} holds a database already. Name another folder, or use --force to replace it.`);
      return 2;
    }
    const contents = await placeStore(path, (part) => copyStore(file, part));
    process.stdout.write(`${plainText(path)}: ${contentsText(contents)}\n`);
    return 0;
  });
};
