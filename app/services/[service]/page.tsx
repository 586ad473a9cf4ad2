import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { serviceOfPath } from "@/components/services/service-path";
import { ServiceScreen } from "@/components/services/service-screen";

export const metadata: Metadata = { title: "Service" };

export default async function ServicePage({ params }: PageProps<"/services/[service]">) {
  const id = serviceOfPath((await params).service);
  if (id === null) notFound();
  return <ServiceScreen id={id} />;
}
