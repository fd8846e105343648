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
 * in turn. Every attempt looks the name up again. With a proxy, the name is that of the proxy, which looks up the
 * venue's. Owned by the feed thread.
 */
final class UpstreamDial implements ProxyTunnel.Answer {
    private static final OptionMap OPTIONS = OptionMap.create(Options.TCP_NODELAY, true, Options.KEEP_ALIVE, true);

    private final XnioIoThread thread;
    private final UpstreamUrl url;
    private final HttpProxy proxy;
    private final Answer answer;
    private SSLContext tls;
    private InetAddress[] addresses = {};
    private int tried;
    private IoFuture<StreamConnection> connecting;
    private StreamConnection tunnelled;
    private boolean isAbandoned;

    /** Receives the socket, or the reason for the failure. */
    interface Answer {
        /** {@code tls} is null unless the address is secure. */
        void onConnected(StreamConnection connection, SSLContext tls) throws IOException;

        /** {@code status}: that of a proxy's refusal, else 0. */
        void onUnreachable(String detail, int status);
    }

    /** {@code proxy}: null = connect directly. */
    UpstreamDial(final XnioIoThread thread, final UpstreamUrl url, final HttpProxy proxy, final SSLContext tls,
            final Answer answer) {
        this.thread = thread;
        this.url = url;
        this.proxy = proxy;
        this.tls = tls;
        this.answer = answer;
    }

    void start() {
        try {
            thread.getWorker().execute(this::lookUp);
        } catch (RejectedExecutionException e) {
            unreachable("the feed's worker is shut down");
        }
    }

    /** What the dial waits for, for a message that it took too long. */
    String waitsFor() {
        if (proxy == null) {
            return "no TCP connection";
        }
        return tunnelled == null ? "no TCP connection to the proxy " + proxy
            : "the proxy " + proxy + " has not answered CONNECT";
    }

    /** Gives up: no further callbacks, and a socket that arrives late is closed. */
    void abandon() {
        isAbandoned = true;
        if (connecting != null) {
            connecting.cancel();
        }
        IoUtils.safeClose(tunnelled);
    }

    /** Runs in the task pool. It reads the default trust store too, which takes 100 ms the first time. */
    private void lookUp() {
        InetAddress[] found = {};
        SSLContext context = tls;
        String problem = null;
        try {
            found = InetAddress.getAllByName(host());
            context = context == null && url.secure() ? SSLContext.getDefault() : context;
        } catch (UnknownHostException e) {
            problem = "cannot resolve " + (proxy == null ? "" : "the proxy ") + host();
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
            unreachable(failure);
        }
    }

    private String host() {
        return proxy == null ? url.host() : proxy.host();
    }

    private void unreachable(final String detail) {
        answer.onUnreachable(detail, 0);
    }

    private void connectNext(final String lastFailure) {
        if (tried == addresses.length) {
            unreachable(lastFailure);
            return;
        }
        final int port = proxy == null ? url.port() : proxy.port();
        final InetSocketAddress address = new InetSocketAddress(addresses[tried++], port);
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
            connectNext("cannot connect to " + (proxy == null ? "" : "the proxy ") + address + ": "
                + PrintableText.excerpt(String.valueOf(failure.getMessage())));
        }
    }

    private void onConnected(final StreamConnection connection) {
        if (isAbandoned) {
            IoUtils.safeClose(connection);
            return;
        }
        if (proxy == null) {
            pass(connection);
        } else {
            tunnelled = connection;
            new ProxyTunnel(proxy, url, connection, this).start();
        }
    }

    @Override
    public void onTunnel(final StreamConnection connection) {
        tunnelled = null;
        pass(connection);
    }

    @Override
    public void onNoTunnel(final String detail, final int status) {
        answer.onUnreachable(PrintableText.excerpt(detail), status);
    }

    private void pass(final StreamConnection connection) {
        boolean isTaken = false;
        try {
            answer.onConnected(connection, url.secure() ? tls : null);
            isTaken = true;
        } catch (IOException | RuntimeException e) {
            unreachable("cannot set up the connection: " + e);
        } finally {
            if (!isTaken) {
                IoUtils.safeClose(connection);
            }
        }
    }
}
