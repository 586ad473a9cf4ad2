import { describe, expect, it } from "vitest";
import { NamedNodes } from "@/lib/derive/named-nodes";
import { type DeclaredNames, NO_NAMES } from "@/lib/domain/declared-names";
import { Directory } from "@/lib/domain/directory";
import { databaseNode, externalNode, serviceNode } from "@/lib/domain/node";
import { nodeOfId } from "@/lib/domain/node-of-id";

function naming(aliases: Record<string, string>, gateways: readonly string[] = []): DeclaredNames {
  return {
    aliases: new Map(Object.entries(aliases).map(([alias, canonical]) => [alias, { canonical, line: 1 }])),
    gateways: new Map(gateways.map((id) => [id, 1])),
  };
}

describe("nodes under declared names", () => {
  it("are the canonical one, also while only aliases were seen, and stay the same id when it comes", () => {
    const directory = new Directory();
    const nodes = new NamedNodes(directory, naming({ old: "shop/new", "external:new.internal": "shop/new" }));
    const old = directory.internNode(serviceNode("old", "", "prod", "java"));
    expect(nodes.node(old)).toEqual({
      kind: "service",
      id: "shop/new",
      name: "new",
      environment: "prod",
      system: "java",
      aliases: ["old"],
    });
    const host = directory.internNode(externalNode("new.internal", "prod"));
    const now = directory.internNode(serviceNode("new", "shop", "prod", "go"));
    expect([old, host, now].map((id) => nodes.first(id))).toEqual([old, old, old]);
    expect(nodes.node(now)).toMatchObject({ id: "shop/new", system: "go", aliases: ["external:new.internal", "old"] });
  });

  it("stay apart by environment", () => {
    const directory = new Directory();
    const nodes = new NamedNodes(directory, naming({ old: "new" }));
    const ids = ["prod", "test"].flatMap((environment) =>
      ["old", "new"].map((name) => directory.internNode(serviceNode(name, "", environment))),
    );
    expect(ids.map((id) => nodes.first(id))).toEqual([ids[0], ids[0], ids[2], ids[2]]);
    expect(ids.map((id) => nodes.node(id).environment)).toEqual(["prod", "prod", "test", "test"]);
  });

  it("are gateways where they are declared, by any of their names", () => {
    const directory = new Directory();
    const nodes = new NamedNodes(directory, naming({ "old-edge": "edge" }, ["edge"]));
    const ids = ["old-edge", "edge", "shop"].map((name) => directory.internNode(serviceNode(name, "", "")));
    expect(ids.map((id) => nodes.node(id).kind)).toEqual(["gateway", "gateway", "service"]);
  });

  it("are as they are without names", () => {
    const directory = new Directory();
    const nodes = new NamedNodes(directory, NO_NAMES);
    const shop = serviceNode("shop", "", "prod");
    expect(nodes.node(directory.internNode(shop))).toEqual(shop);
    expect(nodes.first(0)).toBe(0);
  });
});

describe("a node of which only the id is known", () => {
  it.each([
    serviceNode("shop", "", "prod"),
    serviceNode("shop", "a/b", "prod"),
    databaseNode("postgresql", "orders", "orders-db", "5432", "prod"),
    databaseNode("postgresql", "", "orders-db", "", "prod"),
    databaseNode("redis", "0", "", "", "prod"),
    databaseNode("mysql", "", "", "", "prod"),
    externalNode("pay.example:8443", "prod"),
  ])("is what the same id is where it was seen: $id", (node) => {
    expect(nodeOfId(node.id, "prod")).toEqual(node);
  });

  it.each(["topic:kafka/a/b", "topic:kafka", "entry:user", "/odd", "db:@", "a:b"])("keeps its id: %s", (id) => {
    expect(nodeOfId(id, "prod").id).toBe(id);
  });
});
