"use client";
import { ErrorState } from "@/components/ui/states";

/** A screen that broke while it was drawn. */
export default function ScreenError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="grid h-screen place-content-center">
      <ErrorState title="This screen broke." detail={error.message} onRetry={reset} />
    </main>
  );
}
