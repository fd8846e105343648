package penstock.server.edge;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.util.AttachmentKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import penstock.server.limit.AddressSessions;
import penstock.server.limit.HandshakeRates;

/**
 * What the clients of one address, and all of them, may ask for: handshakes per second, sessions at the same time.
 *
 * <p>Any thread.
 */
public final class ClientQuotas {
    private static final AttachmentKey<InetAddress> COUNTED = AttachmentKey.create(InetAddress.class);
    private static final long SESSION_RETRY_MS = 5_000;

    private volatile HandshakeRates rates;
    private final AddressSessions sessions;

    /** Within {@code rates} and {@code sessions}. */
    public ClientQuotas(final HandshakeRates rates, final AddressSessions sessions) {
        this.rates = rates;
        this.sessions = sessions;
    }

    /** From now on; sessions that are open count. */
    public void follow(final HandshakeRates nextRates, final int maxSessions) {
        rates = nextRates;
        sessions.max(maxSessions);
    }

    /** A limit that a client has reached. {@code retryAfterMs}: when it may try again. Immutable. */
    public record Excess(String code, String message, long retryAfterMs) {
    }

    /** Counts a handshake; returns the limit that it exceeds, or null. */
    public Excess onHandshake(final HttpServerExchange exchange) {
        final InetSocketAddress client = ClientAddress.of(exchange);
        final long waitMs = client == null ? 0 : rates.waitMs(client.getAddress());
        return waitMs == 0 ? null : new Excess("too_many_handshakes", "handshakes come faster than "
            + "server.handshakes-per-second-per-address or server.handshakes-per-second: try again in " + waitMs
            + " ms", waitMs);
    }

    /**
     * Counts a session, which lasts as long as the connection of {@code exchange}; returns the limit that it exceeds,
     * or null.
     */
    public Excess onSession(final HttpServerExchange exchange) {
        final InetSocketAddress client = ClientAddress.of(exchange);
        final ServerConnection connection = exchange.getConnection();
        if (client == null || connection.getAttachment(COUNTED) != null) {
            return null;
        }
        if (!sessions.tryOpen(client.getAddress())) {
            return new Excess("too_many_sessions", "your address has all " + sessions.max()
                + " sessions of server.max-sessions-per-address: close one, or try again later", SESSION_RETRY_MS);
        }
        connection.putAttachment(COUNTED, client.getAddress());
        connection.addCloseListener(closed -> sessions.close(client.getAddress()));
        return null;
    }
}
