package penstock.bench.floor;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.xnio.IoUtils;

/**
 * What a user of Undertow writes without thinking about it: its WebSocket handler, the client of the JDK for the feed,
 * and {@code sendText} of a string for every client and message. What a client does not read is queued for it without
 * bound. Run as {@code NaiveRelay PORT FEED_PORT}. Messages come on a thread of the JDK's client, all else on
 * Undertow's io threads.
 */
public final class NaiveRelay implements AutoCloseable {
    private static final int TRIES = 300;
    private static final long TRY_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<WebSocketChannel> everything = new CopyOnWriteArrayList<>();
    private final Map<String, Set<WebSocketChannel>> watching = new ConcurrentHashMap<>();
    private final WebSocket feed;
    private final Undertow server;

    NaiveRelay(final int port, final int feedPort) {
        feed = connect(URI.create("ws://127.0.0.1:" + feedPort + "/"));
        server = Undertow.builder()
            .addHttpListener(port, "127.0.0.1", Handlers.websocket((exchange, channel) -> join(channel))).build();
        server.start();
    }

    /** Serves until the feed hangs up. */
    public static void main(final String[] args) {
        new NaiveRelay(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    }

    int port() {
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() {
        feed.abort();
        server.stop();
    }

    private void join(final WebSocketChannel channel) {
        everything.add(channel);
        channel.addCloseTask(this::leave);
        channel.getReceiveSetter().set(new AbstractReceiveListener() {
            @Override
            protected void onFullTextMessage(final WebSocketChannel from, final BufferedTextMessage message) {
                everything.remove(from);
                FloorRequest.in(message.getData())
                    .forEach(name -> watching.computeIfAbsent(name, key -> ConcurrentHashMap.newKeySet()).add(from));
                WebSockets.sendText(FloorRequest.ANSWER, from, new Dropping());
            }
        });
        channel.resumeReceives();
    }

    private void leave(final WebSocketChannel channel) {
        everything.remove(channel);
        watching.values().forEach(watchers -> watchers.remove(channel));
    }

    private void onMessage(final String message) {
        everything.forEach(channel -> WebSockets.sendText(message, channel, new Dropping()));
        watching.getOrDefault(FloorRequest.of(message), Set.of())
            .forEach(channel -> WebSockets.sendText(message, channel, new Dropping()));
    }

    private WebSocket connect(final URI address) {
        final HttpClient http = HttpClient.newHttpClient();
        for (int i = 1;; i++) {
            try {
                return http.newWebSocketBuilder().buildAsync(address, new Feed()).join();
            } catch (final CompletionException e) {
                if (i == TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(TRY_EVERY_NS);
            }
        }
    }

    private final class Feed implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(final WebSocket socket, final CharSequence part, final boolean isLast) {
            text.append(part);
            if (isLast) {
                onMessage(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket socket, final int code, final String reason) {
            server.stop();
            return null;
        }

        @Override
        public void onError(final WebSocket socket, final Throwable error) {
            server.stop();
        }
    }

    /** Who cannot be sent to is hung up on. */
    private static final class Dropping implements WebSocketCallback<Void> {
        @Override
        public void complete(final WebSocketChannel channel, final Void context) {
            // sent
        }

        @Override
        public void onError(final WebSocketChannel channel, final Void context, final Throwable throwable) {
            IoUtils.safeClose(channel);
        }
    }
}
