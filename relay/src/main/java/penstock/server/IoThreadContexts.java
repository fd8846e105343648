package penstock.server;

import io.undertow.server.HttpServerExchange;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import penstock.server.auth.ClientAccess;
import penstock.server.tls.TlsThread;

/** The context of each io thread of the server. Filled before the listeners start; any thread reads it. */
public final class IoThreadContexts {
    private final Map<XnioIoThread, IoThreadContext> byThread = new LinkedHashMap<>();

    void put(final XnioIoThread thread, final IoThreadContext context) {
        byThread.put(thread, context);
    }

    /** Clients have to show who they are, if {@code access} says so. Before the listeners start. */
    void authenticate(final ClientAccess access) {
        byThread.values().forEach(context -> context.authenticate(access));
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
}
