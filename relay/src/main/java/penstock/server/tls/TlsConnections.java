package penstock.server.tls;

import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/**
 * Puts TLS in front of the accepted connections of one listener.
 *
 * <p>Called on the io thread of each connection; {@link #watch} on any thread.
 */
public record TlsConnections(ServerTls tls, Map<XnioIoThread, TlsThread> threads)
        implements UnaryOperator<StreamConnection> {
    private static final long LOOK_EVERY_MS = 1_000;

    @Override
    public StreamConnection apply(final StreamConnection accepted) {
        return new TlsConnection(accepted, tls.newEngine(), threads.get(accepted.getIoThread()));
    }

    /** Looks for changed files each second, in the task pool of {@code worker}, until the worker ends. */
    public void watch(final XnioWorker worker) {
        try {
            worker.getIoThread().executeAfter(() -> look(worker), LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        } catch (final RejectedExecutionException e) {
            // the worker ends
            return;
        }
    }

    private void look(final XnioWorker worker) {
        try {
            worker.execute(() -> {
                tls.reload();
                watch(worker);
            });
        } catch (final RejectedExecutionException e) {
            // the worker ends
            return;
        }
    }
}
