// Runs the measurements one after another, prints the table, writes it as JSON. Exit code 1 when a target is missed or a
// measurement failed.
import { measurements } from "./measurements/list";
import type { Context } from "./support/measurement";
import { type Judged, judge, load, machine, tableOf, writeJson } from "./support/report";

const RESULTS = "bench/results/latest.json";

const quick = process.argv.includes("--quick");
const named = process.argv.flatMap((argument) => /^--only=(.+)$/.exec(argument)?.[1]?.split(",") ?? []);
const unknown = named.filter((name) => !measurements.some((each) => each.name === name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(", ")}; there are ${measurements.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

const began = new Date();
const context: Context = { quick, log: (text) => console.log(`  ${text}`) };
const figures: Judged[] = [];
const failures: { measurement: string; message: string }[] = [];
const loads: Record<string, number> = {};
for (const { name, run } of measurements) {
  if (named.length > 0 && !named.includes(name)) continue;
  loads[name] = load();
  console.log(`${name} (load ${loads[name]!.toFixed(2)})`);
  try {
    for (const figure of await run(context)) figures.push(judge(name, figure));
  } catch (error) {
    failures.push({ measurement: name, message: String(error) });
    console.error(error);
  }
}

console.log(`\n${tableOf(figures)}\n`);
for (const { measurement, message } of failures) console.error(`${measurement}: ${message}`);
writeJson(RESULTS, {
  began: began.toISOString(),
  seconds: Math.round((Date.now() - began.getTime()) / 1000),
  quick,
  machine: machine(),
  loadBefore: loads,
  figures,
  failures,
});
console.log(`${quick ? "A quick run: the figures are rough. " : ""}Also in ${RESULTS}.`);
process.exitCode = failures.length > 0 || figures.some(({ passed }) => passed === false) ? 1 : 0;
