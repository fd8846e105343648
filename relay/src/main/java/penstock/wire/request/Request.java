package penstock.wire.request;

import java.util.List;
import java.util.Set;
import penstock.wire.ChannelName;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;

/** A decoded request of a subscriber: one record per operation. Immutable. */
public sealed interface Request {
    /** The request's id as JSON text ({@code 7}, {@code "a"}), echoed in the reply; null if the request has none. */
    String id();

    /**
     * Creates a subscription or changes one. The names of {@code channel} are null if the request does not have them,
     * {@code resume} too.
     */
    record Subscribe(String id, ChannelName channel, String sub, List<SymbolPattern> symbols, boolean snapshot,
            Resume resume, SubscriptionOptions options) implements Request {
        /** Its symbols are a {@link SymbolList}. */
        public Subscribe {
            symbols = SymbolList.of(symbols);
        }

        /** A request that names no feed. */
        public Subscribe(final String id, final String sub, final String channel, final List<SymbolPattern> symbols,
                final boolean snapshot, final Resume resume, final SubscriptionOptions options) {
            this(id, new ChannelName(null, channel), sub, symbols, snapshot, resume, options);
        }

        /** A request with only a mode and an interval. */
        public Subscribe(final String id, final String sub, final String channel, final List<SymbolPattern> symbols,
                final Mode mode, final int intervalMs, final boolean snapshot) {
            this(id, sub, channel, symbols, snapshot, null, SubscriptionOptions.of(mode, intervalMs, null));
        }

        /** The same request, resuming at {@code position}, which may be null. */
        public Subscribe resuming(final Resume position) {
            return new Subscribe(id, channel, sub, symbols, snapshot, position, options);
        }
    }

    /** Changes the given options of a subscription, and no symbols. */
    record Change(String id, String sub, boolean snapshot, SubscriptionOptions options) implements Request {
        /** The same as a request that adds no symbol. */
        public Subscribe asSubscribe() {
            return new Subscribe(id, sub, null, List.of(), snapshot, null, options);
        }
    }

    /** Ends a subscription, or removes {@code symbols} from it if there are any. */
    record Unsubscribe(String id, String sub, List<SymbolPattern> symbols) implements Request {
        /** Its symbols are a {@link SymbolList}. */
        public Unsubscribe {
            symbols = SymbolList.of(symbols);
        }
    }

    /** Asks for the subscriptions of the session. */
    record ListSubscriptions(String id) implements Request {
    }

    /** Asks for a pong. */
    record Ping(String id) implements Request {
    }

    /**
     * An edge says which sessions it has.
     *
     * @param edge     its name; null if it is said by the link alone
     * @param sessions that have begun since its last report, or all of them
     * @param ended    the names of those that have ended since
     * @param isFull   the report begins with nothing that was said before
     * @param hasMore  the next report belongs to this one
     */
    record Report(String id, String edge, List<EdgeSession> sessions, List<String> ended, boolean isFull,
            boolean hasMore) implements Request {
    }

    /**
     * A session at an edge.
     *
     * @param client     the name of its client
     * @param session    its own name
     * @param address    of its client
     * @param sinceUs    when it began, in microseconds since 1970
     * @param credential what vouches for the client, see {@code Principal}; null if the edge alone does
     * @param terms      what the credential says of it
     */
    record EdgeSession(String client, String session, String address, long sinceUs, String credential,
            EdgeTerms terms) {
    }

    /**
     * What the credential of a client at an edge says of it.
     *
     * @param products    the names of its products; null if the edge does not say
     * @param maxSessions at once; 0 = no limit, -1 if the edge does not say
     * @param onExcess    what happens beyond that, as the configuration spells it; null = as for all
     */
    record EdgeTerms(Set<String> products, int maxSessions, String onExcess) {
    }

    /** Shows who the client is; {@code token} is null if the request has none. */
    record Auth(String id, String token) implements Request {
        /** Never shows the token. */
        @Override
        public String toString() {
            return "Auth[id=" + id + "]";
        }
    }
}
