"use client";
import { createContext } from "react";

/** Of the names on a screen: where the end begins that tells each from the others; see `tellingEnds`. */
export const TellingEnds = createContext<ReadonlyMap<string, number>>(new Map());
