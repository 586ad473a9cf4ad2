import type { Metadata } from "next";
import { cookies, headers } from "next/headers";
import { type ReactNode, Suspense } from "react";
import { Providers } from "@/components/shell/providers";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Headwater", template: "%s · Headwater" },
  description: "The live service graph, derived from your traces.",
};

/** Reads the request, so that every page carries its nonce and the chosen theme: none is prerendered. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  const chosen = (await cookies()).get("headwater_theme")?.value;
  const theme = chosen === "light" || chosen === "dark" ? chosen : undefined;
  return (
    <html lang="en" data-theme={theme} suppressHydrationWarning>
      <body>
        <Providers nonce={nonce}>
          <Suspense>{children}</Suspense>
        </Providers>
      </body>
    </html>
  );
}
