import type { ReactElement, ReactNode } from "react";
import type { Client, QuoteFields, Terms, View } from "./penstock.js";

/** Gives a client to all below it. */
export function Penstock(props: { client: Client; children?: ReactNode }): ReactElement;

/**
 * What is known of a symbol; undefined until there is something. A component with it is rendered when its symbol changes, and for no other. Components
 * with the same terms share one subscription.
 */
export function useQuote<F = QuoteFields>(symbol: string, terms?: Terms): (Partial<F> & View) | undefined;
