"use client";
import { useState } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { Segmented } from "@/components/ui/segmented";
import type { Sources } from "@/lib/contract/sources";
import { recipesOf } from "./sending";

/** How to send OTLP here, to copy. */
export function Recipes({ title, sources }: { title: string; sources: Sources }) {
  const [chosen, setChosen] = useState("environment");
  const recipes = recipesOf(sources);
  const recipe = recipes.find(({ id }) => id === chosen) ?? recipes[0]!;
  return (
    <>
      <div className="flex items-center justify-between gap-2">
        <h2 className="text-md font-semibold">{title}</h2>
        <Segmented
          label="Way to send"
          options={recipes.map(({ id, label }) => ({ value: id, label }))}
          value={recipe.id}
          onChange={setChosen}
        />
      </div>
      {recipe.blocks.map(({ label, code }) => (
        <div key={label} className="mt-3">
          <CodeBlock code={code} label={label} />
        </div>
      ))}
    </>
  );
}
