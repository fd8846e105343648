package penstock.wire;

import java.util.List;

/** Ends a subscription, or takes {@code symbols} out of it when there are any. Immutable. */
public record Unsubscribe(String id, String sub, List<SymbolPattern> symbols) implements Request {
}
