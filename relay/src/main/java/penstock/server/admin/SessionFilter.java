package penstock.server.admin;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import penstock.audit.SessionRecord;
import penstock.fanout.harm.InspectedSession;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.text.AddressRange;
import penstock.text.IpLiteral;
import penstock.topic.Channel;
import penstock.wire.RequestException;

/**
 * Which sessions a request of the operator is about. What is null is not asked for. Immutable.
 *
 * @param session   the name of one session
 * @param principal the name of a client
 * @param address   addresses of clients
 * @param channel   the name of a channel, or of a feed and its channel, {@code kraken/quote}
 */
record SessionFilter(String session, String principal, AddressRange address, String channel) {
    private static final String SESSION = "session";
    private static final String PRINCIPAL = "principal";
    private static final String ADDRESS = "address";
    private static final String CHANNEL = "channel";

    /** The parameters that {@link #of} reads. */
    static final List<String> NAMES = List.of(SESSION, PRINCIPAL, ADDRESS, CHANNEL);

    /** As the parameters of a request say. */
    static SessionFilter of(final AdminQuery query) throws RequestException {
        return of(query::text);
    }

    /** As parameters say, by their names; null = absent. */
    static SessionFilter of(final UnaryOperator<String> texts) throws RequestException {
        final String address = texts.apply(ADDRESS);
        final AddressRange range = address == null ? null : AddressRange.parse(address);
        if (address != null && range == null) {
            throw AdminQuery.bad(ADDRESS, "is an IP address, or a block of them like 10.0.0.0/8");
        }
        return new SessionFilter(texts.apply(SESSION), texts.apply(PRINCIPAL), range, texts.apply(CHANNEL));
    }

    /** Names of parameters, those of a filter among them. */
    static List<String> and(final String... names) {
        return Stream.concat(NAMES.stream(), Stream.of(names)).toList();
    }

    /** Whether it leaves out no session. */
    boolean isOfAll() {
        return session == null && principal == null && address == null && channel == null;
    }

    /** Whether it names a session or a client. */
    boolean isOfName() {
        return session != null || principal != null;
    }

    /** What it names, as the parameters that say it. */
    Map<String, String> named() {
        final Map<String, String> named = new LinkedHashMap<>();
        named.put(SESSION, session);
        named.put(PRINCIPAL, principal);
        named.put(ADDRESS, address == null ? null : address.toString());
        named.put(CHANNEL, channel);
        named.values().removeIf(Objects::isNull);
        return named;
    }

    /** Whether a session that has ended is meant; by then it has no channels. */
    boolean matches(final SessionRecord record) {
        return (session == null || session.equals(record.id()))
            && (principal == null || principal.equals(record.principal()))
            && (address == null || isIn(record.address()));
    }

    /** Whether an open session is meant. */
    boolean matches(final InspectedSession each) {
        return matches(each.record()) && (channel == null || hasChannel(each.subscriptions()));
    }

    private boolean isIn(final String hostAndPort) {
        final InetAddress host = IpLiteral.parse(hostAndPort.substring(0, Math.max(0, hostAndPort.lastIndexOf(':'))));
        return host != null && address.contains(host);
    }

    private boolean hasChannel(final SessionSubscriptions subscriptions) {
        for (int i = 0; i < subscriptions.size(); i++) {
            final Channel each = subscriptions.get(i).channel();
            if (channel.equals(each.name()) || channel.equals(each.path())) {
                return true;
            }
        }
        return false;
    }
}
