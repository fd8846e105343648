package penstock.server.edge;

import io.undertow.server.HttpServerExchange;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import penstock.audit.AuditLog;
import penstock.audit.Termination;
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
    /** Undertow ends a connection 5 s after its last request, or somewhat sooner by its coarse clock. */
    private static final long NO_REQUEST_NS = 4_500_000_000L;

    /**
     * {@code client}: who is named by a PROXY header; null without one. {@code end}: why it ends, as far as is known;
     * {@code FINISHED} is not worth a line.
     */
    private record Waiting(StreamConnection connection, boolean isNew, long sinceNs, InetSocketAddress client,
            Termination end) {
        Waiting ending(final Termination known) {
            return new Waiting(connection, isNew, sinceNs, client, known);
        }
    }

    private final ThreadOwner owner = new ThreadOwner();
    private final SessionAdmission admission;
    private final PartialMessages partial;
    private final MemoryShare memory;
    private final Counters counters;
    private final AuditLog audit;
    /** The longest waiting first. Connections that closed by themselves stay until they are looked at. */
    private final Map<SocketAddress, Waiting> waiting = new LinkedHashMap<>();

    /** Of one io thread; {@code counters} are its own. */
    public ConnectionGate(final SessionAdmission admission, final PartialMessages partial, final MemoryShare memory,
            final Counters counters, final AuditLog audit) {
        this.admission = admission;
        this.partial = partial;
        this.memory = memory;
        this.counters = counters;
        this.audit = audit;
    }

    /** Lets a new connection in; false if there is no room, and it was closed. */
    public boolean admit(final StreamConnection connection) {
        assert owner.check();
        removeClosed(admission.isAtLimit());
        final boolean hasRoom = !admission.isAtLimit() || closeOldest(false);
        if (!hasRoom || !tryReserveHead()) {
            counters.increment(Counter.CONNECTIONS_REFUSED);
            audit.onUnserved(ClientAddress.text(connection.getPeerAddress()), Termination.FULL);
            IoUtils.safeClose(connection);
            return false;
        }
        admission.onConnected();
        waiting.put(connection.getPeerAddress(), new Waiting(connection, true, partial.nowNs(), null, null));
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
                waiting.put(peer, new Waiting(connection.connection, false, partial.nowNs(), null, null));
            }
            next.proceed();
        });
        return !admission.isOverloaded();
    }

    /** A trusted proxy says whose connection it passes on. */
    void onClientNamed(final StreamConnection connection, final InetSocketAddress client) {
        assert owner.check();
        waiting.computeIfPresent(connection.getPeerAddress(),
            (peer, known) -> new Waiting(known.connection, known.isNew, known.sinceNs, client, known.end));
    }

    /** The client of a connection has left. Probes of balancers send nothing, and are not worth a line. */
    void onLeft(final StreamConnection connection, final boolean hasSent) {
        assert owner.check();
        waiting.computeIfPresent(connection.getPeerAddress(), (peer, known) -> known.end != null ? known
            : known.ending(hasSent ? Termination.LEFT_BEFORE_REQUEST : Termination.FINISHED));
    }

    /** A connection ends before its TLS handshake was complete. */
    public void onTlsFailed(final StreamConnection connection) {
        assert owner.check();
        waiting.computeIfPresent(connection.getPeerAddress(), (peer, known) -> known.end == Termination.FINISHED ? known
            : known.ending(Termination.NO_TLS));
    }

    /** Reports the connections that have closed without a request; true if any wait. */
    public boolean sweep() {
        assert owner.check();
        removeClosed(true);
        return !waiting.isEmpty();
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
                final String client = text(oldest);
                IoUtils.safeClose(oldest.connection);
                onRemoved(oldest);
                audit.onUnserved(client, Termination.FULL);
                return true;
            }
        }
        return false;
    }

    /** Of the oldest ones, or of all. */
    private void removeClosed(final boolean isEveryOne) {
        final Iterator<Map.Entry<SocketAddress, Waiting>> each = waiting.entrySet().iterator();
        boolean goesOn = true;
        while (goesOn && each.hasNext()) {
            final Map.Entry<SocketAddress, Waiting> next = each.next();
            if (!next.getValue().connection.isOpen()) {
                each.remove();
                onRemoved(next.getValue());
                report(next.getKey(), next.getValue());
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

    /** What is not known to have another reason was too slow, or Undertow did not understand its request. */
    private void report(final SocketAddress peer, final Waiting closed) {
        if (closed.isNew && closed.end != Termination.FINISHED) {
            audit.onUnserved(ClientAddress.text(closed.client == null ? peer : closed.client),
                closed.end != null ? closed.end : partial.nowNs() - closed.sinceNs >= NO_REQUEST_NS
                    ? Termination.NO_REQUEST : Termination.REQUEST_REFUSED);
        }
    }

    private static String text(final Waiting waiting) {
        return ClientAddress.text(waiting.client == null ? waiting.connection.getPeerAddress() : waiting.client);
    }
}
