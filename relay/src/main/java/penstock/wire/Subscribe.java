package penstock.wire;

import java.util.List;

/**
 * Makes a subscription or changes one. {@code channel}, {@code mode} and {@code overflow} are null, {@code intervalMs} is -1 when not
 * given. Immutable.
 */
public record Subscribe(String id, String sub, String channel, List<SymbolPattern> symbols, Mode mode, int intervalMs, boolean snapshot,
                        Overflow overflow) implements Request {
    /** Why {@code interval} is refused. */
    public static final String NO_INTERVAL = "mode all sends each update at once, an interval makes no sense: leave it out";
    /** Why {@code overflow} is refused. */
    public static final String NO_OVERFLOW = "overflow belongs to mode all: leave it out";

    /** One that says nothing of an overflow. */
    public Subscribe(final String id, final String sub, final String channel, final List<SymbolPattern> symbols, final Mode mode,
                     final int intervalMs, final boolean snapshot) {
        this(id, sub, channel, symbols, mode, intervalMs, snapshot, null);
    }
}
