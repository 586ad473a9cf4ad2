// What the role of a service asks of its team: the sides that it has, in the words of the perspective, and the advice on each.
// Messages run from publisher to consumer in both perspectives.
import { type PerspectiveName, perspectiveWords } from "@/lib/domain/perspective";
import { type AdviceFacts, ASPECTS, verb } from "./role-aspects";

export interface AdviceSide {
  readonly id: "stoodOn" | "standsOn";
  /** `Upstream` and `of 3 that call it`; without a word for what is no role. */
  readonly stands: readonly { readonly word: string; readonly of: string }[];
}

export interface Advice {
  readonly sides: readonly AdviceSide[];
  /** A text for each side; null where there is nothing to say. */
  readonly rows: readonly { readonly title: string; readonly texts: readonly (string | null)[] }[];
}

/** Without sides for a service that stands alone. */
export function adviceOf(facts: AdviceFacts & { readonly perspective: PerspectiveName }): Advice {
  const sides = [stoodOn(facts), standsOn(facts)].filter(({ stands }) => stands.length > 0);
  return {
    sides,
    rows: ASPECTS.map((aspect) => ({
      title: aspect.title,
      texts: sides.map(({ id }) => aspect[id](facts)),
    })).filter(({ texts }) => texts.some((text) => text !== null)),
  };
}

type Facts = AdviceFacts & { readonly perspective: PerspectiveName };

function stoodOn({ standing: { callers, consumers }, perspective }: Facts): AdviceSide {
  return {
    id: "stoodOn",
    stands: [
      {
        word: perspectiveWords(perspective).callee,
        count: callers.length,
        of: `that ${verb(callers.length, "calls", "call")} it`,
      },
      {
        word: "upstream",
        count: consumers.length,
        of: `that ${verb(consumers.length, "consumes", "consume")} its messages`,
      },
    ].flatMap(phrase),
  };
}

function standsOn({ standing: { callees, producers, stores }, perspective }: Facts): AdviceSide {
  const alone = callees.length === 0 && producers.length === 0;
  return {
    id: "standsOn",
    stands: [
      { word: perspectiveWords(perspective).caller, count: callees.length, of: "that it calls" },
      { word: "downstream", count: producers.length, of: "whose messages it consumes" },
      ...(alone
        ? [{ word: "", count: stores.length, of: verb(stores.length, "store that it uses", "stores that it uses") }]
        : []),
    ].flatMap(phrase),
  };
}

const phrase = ({ word, count, of }: { word: string; count: number; of: string }): AdviceSide["stands"] =>
  count === 0 ? [] : [{ word, of: word === "" ? `${count} ${of}` : `of ${count} ${of}` }];
