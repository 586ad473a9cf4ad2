// One feed per question that somebody is looking at.
import "server-only";
import { readGraphQuestion } from "../services/graph-question";
import { GraphFeed } from "./graph-feed";
import type { House } from "./house";

type Feeds = { [key: symbol]: Map<string, GraphFeed> | undefined };
const KEY = Symbol.for("headwater.feeds");
const shared = globalThis as unknown as Feeds;

const ASKED = ["last", "from", "to", "env", "perspective"];

/** @throws DomainError invalid_parameter */
export function feedOf(house: House, params: URLSearchParams): GraphFeed {
  shared[KEY] ??= new Map();
  const feeds = shared[KEY];
  const { engine, config } = house;
  const look = () => void house.declared();
  const ask = () => engine.graph(readGraphQuestion(params, Date.now(), config.perspective));
  readGraphQuestion(params, Date.now(), config.perspective);
  const key = ASKED.map((name) => `${name}=${params.get(name) ?? ""}`).join("&");
  let feed = feeds.get(key);
  if (!feed) {
    feed = new GraphFeed(engine, look, ask, () => feeds.delete(key));
    feeds.set(key, feed);
  }
  return feed;
}
