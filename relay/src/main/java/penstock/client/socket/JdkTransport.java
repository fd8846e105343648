package penstock.client.socket;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * WebSockets of the JDK's HTTP client.
 *
 * <p>A handshake that the relay refuses with HTTP is reported as the close code that a page gets; any other answer,
 * which may be a proxy's, as a lost connection. A message over 16 Mi characters ends its connection.
 *
 * <p>While the user reads a message the transport reads the next one, so at most one waits. The JDK, up to 25 at least,
 * loses the end of a stream that comes while nothing is asked of it, and that is so for a moment after each part of a
 * message: of 400 connections that were cut within a message, 110 were never reported, and 34 of 400 that were cut
 * while the user read one. {@link EndProbe} finds them.
 */
public final class JdkTransport implements ClientTransport {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_CHARS = 16 << 20;
    private static final int UNAVAILABLE = 503;
    /** Close code by status: relay/docs/reference/protocol.md#connecting. */
    private static final Map<Integer, Integer> REFUSALS = Map.of(400, 4400, 401, 4401, 403, 4403, 413, 4413, 414, 4413,
        421, 4400, 426, 4400, 429, 4429, UNAVAILABLE, 4503, 505, 4400);

    private final HttpClient client;
    private final Map<String, String> headers;

    /** Trusts the authorities of the JVM. */
    public JdkTransport() {
        this(HttpClient.newHttpClient());
    }

    /** With other authorities, or a proxy. */
    public JdkTransport(final HttpClient client) {
        this(client, Map.of());
    }

    private JdkTransport(final HttpClient client, final Map<String, String> headers) {
        this.client = client;
        this.headers = headers;
    }

    /** With a header in each handshake, such as one that a proxy before the relay asks for. */
    public JdkTransport header(final String name, final String value) {
        final Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new JdkTransport(client, more);
    }

    @Override
    public Connection open(final URI address, final List<String> subprotocols, final Events events) {
        final Link link = new Link(events);
        final WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT);
        headers.forEach(builder::header);
        if (!subprotocols.isEmpty()) {
            builder.subprotocols(subprotocols.get(0),
                subprotocols.subList(1, subprotocols.size()).toArray(String[]::new));
        }
        builder.buildAsync(address, link).whenComplete((socket, fault) -> link.onHandshake(fault));
        return link;
    }

    /** One connection: threads of the JDK report to it one at a time, and any thread sends. */
    private static final class Link implements Connection, WebSocket.Listener, Runnable {
        private final Events events;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        /** What is sent; the JDK takes one message at a time. Guarded by this. */
        private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
        /** What comes. */
        private StringBuilder pieces = new StringBuilder();
        /** What the user reads. Guarded by this, as is all of the handover. */
        private StringBuilder message = new StringBuilder();
        private boolean isRead;
        private boolean isWaiting;
        private volatile WebSocket socket;
        private volatile EndProbe probe;
        private volatile boolean isClosed;

        Link(final Events events) {
            this.events = events;
        }

        void onHandshake(final Throwable fault) {
            if (fault == null) {
                return;
            }
            final Throwable cause = fault instanceof CompletionException wrapped ? wrapped.getCause() : fault;
            if (cause instanceof WebSocketHandshakeException refused) {
                onRefusal(refused.getResponse());
            } else {
                end(LOST, reason(cause, "no connection; is a server listening there?"));
            }
        }

        private void onRefusal(final HttpResponse<?> response) {
            final int status = response.statusCode();
            final String retryAfter = response.headers().firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,6}")).map(seconds -> "retryAfter=" + seconds + "000 ").orElse("");
            end(REFUSALS.getOrDefault(status, LOST), retryAfter + "HTTP " + status);
        }

        @Override
        public void onOpen(final WebSocket opened) {
            socket = opened;
            if (isClosed) {
                opened.abort();
                return;
            }
            probe = new EndProbe(opened, fault -> onError(opened, fault));
            events.onOpen();
            opened.request(1);
        }

        @Override
        public CompletionStage<?> onText(final WebSocket from, final CharSequence data, final boolean isLast) {
            if (pieces.length() + data.length() > MAX_CHARS) {
                end(LOST, "a message of more than " + MAX_CHARS + " characters");
                from.abort();
                return null;
            }
            pieces.append(data);
            probe.onArrival(!isLast);
            if (!isLast) {
                from.request(1);
            } else if (isNext(true)) {
                handOver(from);
            }
            return null;
        }

        /** The user has read the message. */
        @Override
        public void run() {
            if (isNext(false)) {
                handOver(socket);
                probe.onPause();
            } else {
                probe.onReading(false);
            }
        }

        /** Whether a message is to be handed over now that one {@code hasCome}, or that the user has read one. */
        private synchronized boolean isNext(final boolean hasCome) {
            if (hasCome && isRead) {
                isWaiting = true;
                return false;
            }
            message.setLength(0);
            isRead = hasCome || isWaiting;
            isWaiting = false;
            if (isRead) {
                final StringBuilder empty = message;
                message = pieces;
                pieces = empty;
            }
            return isRead;
        }

        /** The next one is asked for after that: what comes of it, such as a close, is reported later. */
        private void handOver(final WebSocket from) {
            probe.onReading(true);
            events.onText(message, this);
            from.request(1);
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket from, final int code, final String reason) {
            end(code, reason);
            return null;
        }

        @Override
        public void onError(final WebSocket from, final Throwable error) {
            end(LOST, reason(error, error.getClass().getSimpleName()));
        }

        @Override
        public synchronized void send(final String text) {
            if (socket != null) {
                sent = sent.thenCompose(ignored -> socket.sendText(text, true));
            }
        }

        @Override
        public synchronized CompletionStage<Void> close(final int code) {
            isClosed = true;
            if (socket == null) {
                return CompletableFuture.completedFuture(null);
            }
            if (code == 0) {
                socket.abort();
                return CompletableFuture.completedFuture(null);
            }
            return sent.thenCompose(ignored -> socket.sendClose(code, ""))
                .thenCombine(ended, (ignored, none) -> none).orTimeout(1, TimeUnit.SECONDS)
                .handle((none, fault) -> {
                    socket.abort();
                    return null;
                });
        }

        private void end(final int code, final String reason) {
            if (ended.complete(null) && !isClosed) {
                events.onClose(code, reason);
            }
        }

        private static String reason(final Throwable fault, final String without) {
            Throwable root = fault;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return root.getMessage() == null ? without : root.getMessage();
        }
    }
}
