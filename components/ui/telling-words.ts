"use client";
import { createContext } from "react";
import type { tellingWords } from "@/lib/graph/short-names";

/** Of the names on a screen: the words that tell each from the others. */
export const TellingWords = createContext<ReturnType<typeof tellingWords>>(new Map());
