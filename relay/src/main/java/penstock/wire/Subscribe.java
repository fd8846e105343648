package penstock.wire;

import java.util.List;

/** Makes a subscription or changes one. {@code channel} and {@code resume} are null when not given. Immutable. */
public record Subscribe(String id, String sub, String channel, List<SymbolPattern> symbols, boolean snapshot,
        Resume resume, SubscriptionOptions terms)
    implements Request {

    /** One that says nothing besides its mode and interval. */
    public Subscribe(final String id, final String sub, final String channel, final List<SymbolPattern> symbols,
            final Mode mode,
                     final int intervalMs, final boolean snapshot) {
        this(id, sub, channel, symbols, snapshot, null, SubscriptionOptions.of(mode, intervalMs, null));
    }

    /** The same, of a client that comes back; {@code where} may be null. */
    public Subscribe resuming(final Resume where) {
        return new Subscribe(id, sub, channel, symbols, snapshot, where, terms);
    }
}
