"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { closeSession } from "@/lib/client/api";

/** Who may talk to the server. The token itself is never shown. */
export function TokenCard({ token }: { token: boolean }) {
  const client = useQueryClient();
  const [failure, setFailure] = useState<string | null>(null);
  const forget = (): void => {
    closeSession().then(
      () => client.invalidateQueries(),
      (error: Error) => setFailure(error.message),
    );
  };
  return (
    <Card title="Token" hint={token ? "callers have to show one" : "none is set"}>
      <div className="grid grid-cols-1 gap-3 px-4 pb-4 text-xs">
        <p className="text-ink-2">
          {token
            ? "Senders and scripts show it as a header; this browser keeps it as a cookie until it is closed."
            : "Callers of this machine need none. To let others in, start with a secret of at least 16 characters:"}
        </p>
        {token ? (
          <>
            <CodeBlock
              code={'OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20$HEADWATER_TOKEN"'}
              label="Token of a sender"
            />
            <div className="flex items-center gap-3">
              <Button onClick={forget}>Forget it in this browser</Button>
              {failure && (
                <span role="alert" className="text-bad-text">
                  {failure}
                </span>
              )}
            </div>
          </>
        ) : (
          <CodeBlock
            code={'export HEADWATER_TOKEN="$(openssl rand -hex 24)"\nexport HOST=0.0.0.0\nnpm start'}
            label="Start with a token"
          />
        )}
      </div>
    </Card>
  );
}
