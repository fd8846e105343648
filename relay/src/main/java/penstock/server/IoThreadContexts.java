package penstock.server;

import io.undertow.server.HttpServerExchange;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.BooleanSupplier;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import penstock.fanout.Shard;
import penstock.fanout.ShardProxy;
import penstock.server.auth.ClientAccess;
import penstock.server.auth.Edges;
import penstock.server.edge.ClientQuotas;
import penstock.server.limit.AddressSessions;
import penstock.server.limit.ConnectionLimits;
import penstock.server.limit.HandshakeRates;
import penstock.server.limit.SessionAdmission;
import penstock.server.tls.TlsThread;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.wire.request.RequestDecoder;

/** The context of each io thread of the server. Filled before the listeners start; any thread reads it. */
public final class IoThreadContexts {
    /** Sessions of operators: they leave two thirds of the connections of their listener to requests. */
    private static final int OPERATORS = 16;
    private static final int OPERATORS_HANDSHAKES_PER_SECOND = 50;
    /** The longest message of a page of theirs has a handful of names. */
    private static final int OPERATORS_MESSAGE_BYTES = 16 * 1024;
    private static final long OPERATORS_MESSAGE_WITHIN_MS = 10_000;

    private final Map<XnioIoThread, IoThreadContext> byThread = new LinkedHashMap<>();
    private ClientAccess clients;

    /** For sessions of operators, of {@code shards} that have their own {@code counters}. */
    static IoThreadContexts ofOperators(final Map<XnioIoThread, Shard> shards,
            final Map<XnioIoThread, Counters> counters, final RequestDecoder decoder, final int sendBufferBytes,
            final ErrorLog errors) {
        final SessionAdmission few =
            new SessionAdmission(new ConnectionLimits(OPERATORS, OPERATORS, OPERATORS, OPERATORS));
        final ServerLimits limits = new ServerLimits(OPERATORS_MESSAGE_BYTES, OPERATORS_MESSAGE_WITHIN_MS,
            sendBufferBytes, 0, new ClientQuotas(
                new HandshakeRates(0, OPERATORS_HANDSHAKES_PER_SECOND, System::nanoTime), new AddressSessions(0)));
        final IoThreadContexts contexts = new IoThreadContexts();
        shards.forEach((thread, shard) -> contexts.put(thread, new IoThreadContext(few, shard,
            new IoThread(thread, errors), counters.get(thread), errors, decoder, limits)));
        return contexts;
    }

    void put(final XnioIoThread thread, final IoThreadContext context) {
        byThread.put(thread, context);
    }

    /** Clients have to show who they are, if {@code access} says so. Before the listeners start. */
    void authenticate(final ClientAccess access) {
        clients = access;
        byThread.values().forEach(context -> context.authenticate(access));
    }

    /** The relays behind this one, once it is said who clients are. */
    public Edges edges() {
        return clients.edges();
    }

    /** After a change of credentials or rights: the sessions of {@code shards}, and those at edges. */
    public void recheck(final Collection<ShardProxy> shards) {
        shards.forEach(ShardProxy::credentialsChanged);
        edges().recheck();
    }

    /** Offers clients an extension of WebSocket, made by {@code factory} for each io thread. */
    public void extend(final Function<IoThreadContext, WebSocketExtension> factory) {
        byThread.values().forEach(context -> context.extend(factory.apply(context)));
    }

    /** What the TLS connections of each io thread share. */
    Map<XnioIoThread, TlsThread> tlsThreads() {
        final Map<XnioIoThread, TlsThread> threads = new LinkedHashMap<>();
        byThread.forEach((thread, context) ->
            threads.put(thread, new TlsThread(context.memory(), context.counters(), context.gate()::onTlsFailed)));
        return threads;
    }

    /** All contexts. */
    public Collection<IoThreadContext> all() {
        return byThread.values();
    }

    /** The context of the connection's io thread. */
    IoThreadContext of(final StreamConnection connection) {
        return byThread.get(connection.getIoThread());
    }

    /** The context of the exchange's io thread. */
    public IoThreadContext of(final HttpServerExchange exchange) {
        return byThread.get(exchange.getIoThread());
    }

    /** Whether other relays may be behind this one, now. Before the start. */
    public void offerLinks(final String self, final BooleanSupplier isSource) {
        all().forEach(context -> context.admission().links(self, isSource));
    }
}
