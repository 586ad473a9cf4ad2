import type { Metadata } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Headwater", template: "%s · Headwater" },
  description: "The live service graph, derived from your traces.",
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection(); // every page carries a nonce, so none is prerendered
  return (
    <html lang="en" suppressHydrationWarning>
      <body>{children}</body>
    </html>
  );
}
