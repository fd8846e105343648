package penstock.server.edge;

import io.undertow.server.HttpServerExchange;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.server.limit.PartialMessages;
import penstock.server.limit.SessionAdmission;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.thread.ThreadOwner;

/**
 * The connections of one io thread that wait for a request: new ones, and those that may send another. Beyond the limit
 * of connections the one that waits longest is closed for each new one, so that a client that sends its request is
 * always heard. The head of a first request is accounted as a half message: the oldest of both goes first.
 *
 * <p>Owned by the io thread.
 */
public final class ConnectionGate {
    /** Undertow keeps the head of a request, of 16 KiB at most, until it is complete. */
    private static final int HEAD_BYTES = 16 * 1024;

    /** {@code client}: who is named by a PROXY header; null without one. */
    private record Waiting(StreamConnection connection, boolean isNew, long sinceNs, InetSocketAddress client) {
    }

    private final ThreadOwner owner = new ThreadOwner();
    private final SessionAdmission admission;
    private final PartialMessages partial;
    private final MemoryShare memory;
    private final Counters counters;
    /** The longest waiting first. Connections that closed by themselves stay until they are looked at. */
    private final Map<SocketAddress, Waiting> waiting = new LinkedHashMap<>();

    /** Of one io thread; {@code counters} are its own. */
    public ConnectionGate(final SessionAdmission admission, final PartialMessages partial, final MemoryShare memory,
            final Counters counters) {
        this.admission = admission;
        this.partial = partial;
        this.memory = memory;
        this.counters = counters;
    }

    /** Lets a new connection in; false if there is no room, and it was closed. */
    public boolean admit(final StreamConnection connection) {
        assert owner.check();
        removeClosed(admission.isAtLimit());
        final boolean hasRoom = !admission.isAtLimit() || closeOldest(false);
        if (!hasRoom || !tryReserveHead()) {
            counters.increment(Counter.CONNECTIONS_REFUSED);
            IoUtils.safeClose(connection);
            return false;
        }
        admission.onConnected();
        waiting.put(connection.getPeerAddress(), new Waiting(connection, true, partial.nowNs(), null));
        return true;
    }

    /** A request arrived; false if it must be refused, because too many connections are open. */
    public boolean admit(final HttpServerExchange exchange) {
        assert owner.check();
        final SocketAddress peer = exchange.getConnection().getPeerAddress();
        final Waiting connection = waiting.remove(peer);
        if (connection == null) {
            return true;
        }
        if (connection.isNew) {
            memory.release(MemoryUse.PARTIAL_MESSAGES, HEAD_BYTES);
            exchange.getConnection().addCloseListener(closed -> admission.onDisconnected());
            if (connection.client != null) {
                ClientAddress.put(exchange.getConnection(), connection.client);
            }
        }
        exchange.addExchangeCompleteListener((done, next) -> {
            if (connection.connection.isOpen()) {
                waiting.put(peer, new Waiting(connection.connection, false, partial.nowNs(), null));
            }
            next.proceed();
        });
        return !admission.isOverloaded();
    }

    /** A trusted proxy says whose connection it passes on. */
    void onClientNamed(final StreamConnection connection, final InetSocketAddress client) {
        assert owner.check();
        waiting.computeIfPresent(connection.getPeerAddress(),
            (peer, known) -> new Waiting(known.connection, known.isNew, known.sinceNs, client));
    }

    /** The connection is a session now. */
    public void onSession(final StreamConnection connection) {
        assert owner.check();
        waiting.remove(connection.getPeerAddress());
    }

    /** Connections that wait for a request. */
    int size() {
        return waiting.size();
    }

    private boolean tryReserveHead() {
        boolean isReserved = memory.tryReserve(MemoryUse.PARTIAL_MESSAGES, HEAD_BYTES);
        while (!isReserved && !partial.canMakeRoom(oldestNewNs()) && closeOldest(true)) {
            isReserved = memory.tryReserve(MemoryUse.PARTIAL_MESSAGES, HEAD_BYTES);
        }
        return isReserved || partial.tryReserve(HEAD_BYTES, null);
    }

    /** Since when the first of the new connections waits. */
    private long oldestNewNs() {
        for (final Waiting each : waiting.values()) {
            if (each.isNew) {
                return each.sinceNs;
            }
        }
        return partial.nowNs();
    }

    private boolean closeOldest(final boolean isNewOnly) {
        final Iterator<Waiting> each = waiting.values().iterator();
        while (each.hasNext()) {
            final Waiting oldest = each.next();
            if (oldest.isNew || !isNewOnly) {
                each.remove();
                counters.increment(Counter.CONNECTIONS_REFUSED);
                IoUtils.safeClose(oldest.connection);
                onRemoved(oldest);
                return true;
            }
        }
        return false;
    }

    /** Of the oldest ones, or of all. */
    private void removeClosed(final boolean isEveryOne) {
        final Iterator<Waiting> each = waiting.values().iterator();
        boolean goesOn = true;
        while (goesOn && each.hasNext()) {
            final Waiting next = each.next();
            if (!next.connection.isOpen()) {
                each.remove();
                onRemoved(next);
            } else {
                goesOn = isEveryOne;
            }
        }
    }

    /** A connection that had a request counts itself when it closes. */
    private void onRemoved(final Waiting closed) {
        if (closed.isNew) {
            memory.release(MemoryUse.PARTIAL_MESSAGES, HEAD_BYTES);
            admission.onDisconnected();
        }
    }
}
