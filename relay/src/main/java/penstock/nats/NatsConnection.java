package penstock.nats;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the servers of NATS, which comes back by itself. Its thread {@code bus} connects, reads secrets,
 * and publishes what waits in the {@link NatsQueue}; the other methods may be called by any thread, and never wait.
 */
public final class NatsConnection implements ConnectionListener, ErrorListener {
    private static final Logger LOG = LoggerFactory.getLogger(NatsConnection.class);
    private static final int MAX_MESSAGE_BYTES = 256 << 10;
    /** The servers count the headers of a message, too. */
    private static final int HEADER_ROOM = 512;
    /** What is handed to the library ahead of its socket. */
    private static final int MAX_AHEAD_BYTES = 1 << 20;
    private static final int BATCH_BYTES = 64 << 10;
    private static final int SEND_BUFFER_BYTES = 256 << 10;
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);
    private static final Duration PING_EVERY = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration JITTER = Duration.ofMillis(100);
    private static final int MAX_RETRY_MS = 5_000;
    private static final byte[] NOTHING = {};
    private static final long IDLE_NS = 50_000_000;
    private static final long FULL_NS = 1_000_000;
    private static final Duration CLOSE_WITHIN = Duration.ofMillis(200);

    /** Takes what comes, on a thread of the connection, and learns of the connection, on any. */
    public interface User extends MessageHandler {
        /** There is a connection. */
        void onConnected();

        /** A message with a payload of that size was handed to the connection. */
        void onPublished(int bytes);
    }

    /** What may wait for the user; what more comes is dropped. */
    public record Waiting(int messages, int bytes) {
    }

    private final NatsSettings settings;
    private final NatsHealth health;
    private final User user;
    private final Waiting waiting;
    private final NatsQueue queue = new NatsQueue();
    private final ThreadFactory threads = task -> {
        final Thread thread = new Thread(task, "bus");
        thread.setDaemon(true);
        return thread;
    };
    private final ExecutorService workers = Executors.newCachedThreadPool(threads);
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(threads);
    private final CountDownLatch closing = new CountDownLatch(1);
    /** Null while there was none yet, or the last one has ended. */
    private volatile Connection connection;
    private volatile boolean hasEnded;
    /** The subjects of what the user takes. */
    private volatile Set<String> wanted = Set.of();

    /** Not connected yet. */
    public NatsConnection(final NatsSettings settings, final NatsHealth health, final User user,
            final Waiting waiting) {
        this.settings = settings;
        this.health = health;
        this.user = user;
        this.waiting = waiting;
    }

    /** Begins to connect. */
    public void start() {
        threads.newThread(this::run).start();
    }

    /** Whether there is a connection. */
    public boolean isConnected() {
        final Connection now = connection;
        return now != null && now.getStatus() == Connection.Status.CONNECTED;
    }

    /** Bytes that wait. */
    public long pendingBytes() {
        return queue.bytes();
    }

    /** Whether there is a connection, and what waits for it leaves room. */
    public boolean hasRoom(final boolean isAnswer) {
        return isConnected() && queue.hasRoom(isAnswer);
    }

    /** The largest payload of a message. */
    public int maxBytes() {
        final Connection now = connection;
        final long max = now == null ? -1 : now.getMaxPayload();
        return max <= 0 ? MAX_MESSAGE_BYTES : (int) Math.max(1, Math.min(MAX_MESSAGE_BYTES, max - HEADER_ROOM));
    }

    /** Publishes a message soon. It is lost if the connection is, which its readers see by its number. */
    public void publish(final String subject, final Headers headers, final byte[] payload) {
        queue.add(subject, null, headers, payload);
    }

    /** Asks soon; what is answered has the subject {@code answers}. It is lost if the connection is. */
    public void ask(final String subject, final String answers) {
        queue.add(subject, answers, null, NOTHING);
    }

    /** The user takes what has these subjects from now on, and nothing else. */
    public void serve(final Set<String> subjects) {
        wanted = subjects;
    }

    /** Sends what waits if that is possible at once, and ends. */
    public void close() {
        closing.countDown();
    }

    private void run() {
        long waitMs = RETRY.toMillis();
        try {
            while (closing.getCount() > 0) {
                final Connection opened = connect();
                if (opened != null) {
                    waitMs = RETRY.toMillis();
                    pump(opened);
                    connection = null;
                    end(opened);
                }
                closing.await(waitMs, TimeUnit.MILLISECONDS);
                waitMs = Math.min(MAX_RETRY_MS, 2 * waitMs);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            timers.shutdown();
            workers.shutdown();
        }
    }

    private Connection connect() throws InterruptedException {
        try {
            final Options.Builder options = new Options.Builder().servers(settings.servers().toArray(new String[0]))
                .connectionName(settings.name()).noRandomize().noEcho().maxReconnects(-1).reconnectWait(RETRY)
                .reconnectJitter(JITTER).reconnectJitterTls(JITTER).connectionTimeout(CONNECT_WITHIN)
                .pingInterval(PING_EVERY).maxPingsOut(2).reconnectBufferSize(2L * MAX_AHEAD_BYTES)
                .maxMessagesInOutgoingQueue(Integer.MAX_VALUE).sendBufferSize(SEND_BUFFER_BYTES)
                .connectionListener(this).errorListener(this).executor(workers).scheduledExecutor(timers)
                .connectThreadFactory(threads).callbackThreadFactory(threads);
            final SSLContext tls = settings.context();
            if (tls != null) {
                // resolved by the library, an address would have no name any more that a certificate may have
                options.sslContext(tls).hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs);
            }
            if (!logIn(options)) {
                return null;
            }
            hasEnded = false;
            final Connection opened = Nats.connect(options.build());
            connection = opened;
            return opened;
        } catch (final AuthenticationException e) {
            health.onRefused(e.getMessage());
        } catch (final IOException | RuntimeException e) {
            health.onLost(NatsHealth.words(e));
        }
        return null;
    }

    private boolean logIn(final Options.Builder options) {
        try {
            settings.logIn(options);
            return true;
        } catch (final IOException e) {
            health.onRefused(NatsHealth.words(e));
            return false;
        }
    }

    /** Until the connection has ended for good, or the relay ends. */
    private void pump(final Connection opened) {
        final Dispatcher dispatcher = opened.createDispatcher(user);
        dispatcher.setPendingLimits(waiting.messages, waiting.bytes);
        final Set<String> served = new HashSet<>();
        while (!hasEnded && closing.getCount() > 0) {
            try {
                serve(dispatcher, served);
                if (opened.getStatus() != Connection.Status.CONNECTED
                        || opened.outgoingPendingBytes() >= MAX_AHEAD_BYTES) {
                    LockSupport.parkNanos(this, FULL_NS);
                } else if (!publish(opened)) {
                    queue.await(IDLE_NS);
                }
            } catch (final IllegalStateException | IllegalArgumentException e) {
                // the connection has just been lost, or the servers take less than before
                health.onProblem(NatsHealth.words(e));
            }
        }
    }

    /** False if nothing waits. */
    private boolean publish(final Connection opened) {
        int bytes = 0;
        while (bytes < BATCH_BYTES) {
            final Message next = queue.take();
            if (next == null) {
                return bytes > 0;
            }
            bytes += Math.max(1, next.getData().length);
            opened.publish(next);
            user.onPublished(next.getData().length);
        }
        return true;
    }

    private void serve(final Dispatcher dispatcher, final Set<String> served) {
        final Set<String> subjects = wanted;
        if (!subjects.equals(served)) {
            served.stream().filter(subject -> !subjects.contains(subject)).forEach(dispatcher::unsubscribe);
            subjects.stream().filter(subject -> !served.contains(subject)).forEach(dispatcher::subscribe);
            served.clear();
            served.addAll(subjects);
        }
    }

    private void end(final Connection opened) throws InterruptedException {
        try {
            if (opened.getStatus() == Connection.Status.CONNECTED) {
                while (publish(opened)) {
                    LOG.debug("bus: the rest is sent");
                }
                opened.flush(CLOSE_WITHIN);
            }
        } catch (final TimeoutException | IllegalStateException e) {
            LOG.debug("bus: not all could be sent: {}", e.getMessage());
        }
        opened.close();
    }

    @Override
    @SuppressWarnings("deprecation")
    public void connectionEvent(final Connection of, final Events type) {
        switch (type) {
            case CONNECTED, RECONNECTED -> {
                user.onConnected();
                health.onConnected(of.getConnectedUrl());
            }
            case DISCONNECTED -> {
                if (closing.getCount() > 0) {
                    health.onDisconnected();
                }
            }
            case CLOSED -> hasEnded |= of == connection;
            default -> LOG.debug("bus: {}", type);
        }
    }

    @Override
    public void errorOccurred(final Connection of, final String error) {
        health.onError(error);
    }

    @Override
    public void exceptionOccurred(final Connection of, final Exception failure) {
        health.onProblem(failure instanceof TimeoutException ? settings.silence(CONNECT_WITHIN.toSeconds())
            : NatsHealth.words(failure));
    }

    @Override
    public void messageDiscarded(final Connection of, final Message message) {
        health.onProblem("a message was discarded");
    }
}
