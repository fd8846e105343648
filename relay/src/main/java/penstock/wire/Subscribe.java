package penstock.wire;

import java.util.List;

/**
 * Makes a subscription or changes one. {@code channel} and {@code mode} are null, {@code intervalMs} is -1 when not given. Immutable.
 */
public record Subscribe(String id, String sub, String channel, List<SymbolPattern> symbols, Mode mode, int intervalMs, boolean snapshot)
    implements Request {
}
