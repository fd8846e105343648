package penstock.server;

import io.undertow.server.HttpServerExchange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.xnio.XnioIoThread;

/**
 * What all io threads share of the server: who receives on which thread, how many sessions there are, and whether more
 * are let in. Any thread.
 */
final class SessionAdmission {
    private final Map<XnioIoThread, IoThreadContext> receptions = new LinkedHashMap<>();
    private final int maxSessions;
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile boolean draining;

    SessionAdmission(final int maxSessions) {
        this.maxSessions = maxSessions;
    }

    /** Before the listeners start. */
    void add(final XnioIoThread thread, final IoThreadContext reception) {
        receptions.put(thread, reception);
    }

    /** The reception of the exchange's io thread. */
    IoThreadContext reception(final HttpServerExchange exchange) {
        return receptions.get(exchange.getIoThread());
    }

    boolean isFull() {
        return sessions.get() >= maxSessions;
    }

    int maxSessions() {
        return maxSessions;
    }

    void onOpened() {
        sessions.incrementAndGet();
    }

    void onClosed() {
        sessions.decrementAndGet();
    }

    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }
}
