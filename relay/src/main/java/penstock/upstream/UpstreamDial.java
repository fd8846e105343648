package penstock.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import org.xnio.IoFuture;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import penstock.text.PrintableText;
import penstock.venue.spec.UpstreamUrl;

/**
 * Connects a socket: looks up the name in the worker's task pool, because a lookup may block, then tries the addresses
 * in turn. Every attempt looks the name up again. Owned by the feed thread.
 */
final class UpstreamDial {
    private static final OptionMap OPTIONS = OptionMap.create(Options.TCP_NODELAY, true, Options.KEEP_ALIVE, true);

    private final XnioIoThread thread;
    private final UpstreamUrl url;
    private final Answer answer;
    private SSLContext tls;
    private InetAddress[] addresses = {};
    private int tried;
    private IoFuture<StreamConnection> connecting;
    private boolean isAbandoned;

    /** Receives the socket, or the reason for the failure. */
    interface Answer {
        /** {@code tls} is null unless the address is secure. */
        void onConnected(StreamConnection connection, SSLContext tls) throws IOException;

        void onUnreachable(String detail);
    }

    UpstreamDial(final XnioIoThread thread, final UpstreamUrl url, final SSLContext tls, final Answer answer) {
        this.thread = thread;
        this.url = url;
        this.tls = tls;
        this.answer = answer;
    }

    void start() {
        try {
            thread.getWorker().execute(this::lookUp);
        } catch (RejectedExecutionException e) {
            answer.onUnreachable("the feed's worker is shut down");
        }
    }

    /** Gives up: no further callbacks, and a socket that arrives late is closed. */
    void abandon() {
        isAbandoned = true;
        if (connecting != null) {
            connecting.cancel();
        }
    }

    /** Runs in the task pool. It reads the default trust store too, which takes 100 ms the first time. */
    private void lookUp() {
        InetAddress[] found = {};
        SSLContext context = tls;
        String problem = null;
        try {
            found = InetAddress.getAllByName(url.host());
            context = context == null && url.secure() ? SSLContext.getDefault() : context;
        } catch (UnknownHostException e) {
            problem = "cannot resolve " + url.host();
        } catch (NoSuchAlgorithmException | RuntimeException e) {
            problem = "cannot prepare the connection: " + e;
        }
        final InetAddress[] result = found;
        final SSLContext resultTls = context;
        final String failure = problem;
        try {
            thread.execute(() -> onLookedUp(result, resultTls, failure));
        } catch (RejectedExecutionException e) {
            // the worker is shut down, and the feed thread with it: the result has no receiver
            isAbandoned = true;
        }
    }

    private void onLookedUp(final InetAddress[] found, final SSLContext context, final String failure) {
        if (isAbandoned) {
            return;
        }
        addresses = found;
        tls = context;
        if (failure == null) {
            connectNext("no address");
        } else {
            answer.onUnreachable(failure);
        }
    }

    private void connectNext(final String lastFailure) {
        if (tried == addresses.length) {
            answer.onUnreachable(lastFailure);
            return;
        }
        final InetSocketAddress address = new InetSocketAddress(addresses[tried++], url.port());
        connecting = thread.openStreamConnection(address, this::onConnected, OPTIONS);
        connecting.addNotifier(new IoFuture.HandlingNotifier<StreamConnection, Object>() {
            @Override
            public void handleFailed(final IOException failure, final Object attachment) {
                thread.execute(() -> onRefused(address, failure));
            }
        }, null);
    }

    private void onRefused(final InetSocketAddress address, final IOException failure) {
        if (!isAbandoned) {
            connectNext("cannot connect to " + address + ": "
                + PrintableText.excerpt(String.valueOf(failure.getMessage())));
        }
    }

    private void onConnected(final StreamConnection connection) {
        if (isAbandoned) {
            IoUtils.safeClose(connection);
            return;
        }
        boolean isTaken = false;
        try {
            answer.onConnected(connection, url.secure() ? tls : null);
            isTaken = true;
        } catch (IOException | RuntimeException e) {
            answer.onUnreachable("cannot set up the connection: " + e);
        } finally {
            if (!isTaken) {
                IoUtils.safeClose(connection);
            }
        }
    }
}
