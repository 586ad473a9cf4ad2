// Asks for the token that this server wants.
"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { controlClass } from "@/components/ui/button";
import { openSession } from "@/lib/client/api";

export function TokenForm() {
  const client = useQueryClient();
  const [token, setToken] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  return (
    <div className="grid h-full place-items-center p-6">
      <form
        className="w-96 rounded-md border border-line bg-surface p-4"
        onSubmit={(event) => {
          event.preventDefault();
          openSession(token).then(
            () => client.invalidateQueries(),
            (error: Error) => setFailure(error.message),
          );
        }}
      >
        <h2 className="text-md font-semibold">This server wants a token</h2>
        <p className="mt-1 text-xs text-ink-2">The one that it was started with in HEADWATER_TOKEN.</p>
        <label className="mt-3 grid gap-1 text-xs">
          Token
          <input
            type="password"
            autoComplete="current-password"
            value={token}
            onChange={(event) => setToken(event.target.value)}
            className="h-8 rounded-sm border border-line-strong bg-surface px-2"
          />
        </label>
        {failure && (
          <p role="alert" className="mt-2 text-xs text-bad-text">
            {failure}
          </p>
        )}
        <button type="submit" className={`${controlClass("primary")} mt-3`} disabled={token === ""}>
          Open
        </button>
      </form>
    </div>
  );
}
