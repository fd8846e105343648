package penstock.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import penstock.websocket.ProtocolException;

/** Any number of subscribers on one selector thread. */
public final class SubscriberFleet implements AutoCloseable {
    public final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final int port;
    private final String[] headers;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
    private final byte[] scratch = new byte[256 << 10];
    private volatile boolean stopped;

    /** Of the relay that listens on {@code port}; {@code headers} are added to each handshake. */
    public SubscriberFleet(final int port, final String... headers) throws IOException {
        this.port = port;
        this.headers = headers.clone();
        selector = Selector.open();
        thread = new Thread(this::run, "fleet");
        thread.setDaemon(true);
        thread.start();
    }

    /** Connects one more; {@code receiveBytes} 0 = the system's receive buffer. */
    public Subscriber open(final String path, final int receiveBytes) {
        return open(path, receiveBytes, null);
    }

    /** The same; {@code watcher} sees what it receives. */
    public Subscriber open(final String path, final int receiveBytes, final Subscriber.Watcher watcher) {
        final Subscriber subscriber = new Subscriber(path, scratch).watchedBy(watcher);
        subscribers.add(subscriber);
        execute(() -> {
            try {
                connect(subscriber, receiveBytes);
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return subscriber;
    }

    /** Stops and starts reading. */
    public void pause(final Subscriber subscriber, final boolean isPaused) {
        execute(() -> {
            subscriber.isPaused = isPaused;
            subscriber.key.interestOps(isPaused ? 0 : SelectionKey.OP_READ);
        });
    }

    /** Cuts the connection without a word. */
    public void drop(final Subscriber subscriber) {
        execute(() -> gone(subscriber));
    }

    public void remove(final Subscriber subscriber) {
        drop(subscriber);
        subscribers.remove(subscriber);
    }

    /** What any of them found wrong. */
    public List<String> breaches() {
        return subscribers.stream().flatMap(subscriber -> subscriber.breaches.stream()).toList();
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (final Subscriber subscriber : subscribers) {
            if (subscriber.channel != null) {
                subscriber.channel.close();
            }
        }
        selector.close();
    }

    private void execute(final Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void connect(final Subscriber subscriber, final int receiveBytes) throws IOException {
        subscriber.channel = SocketChannel.open();
        if (receiveBytes > 0) {
            subscriber.channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBytes);
        }
        subscriber.channel.connect(new InetSocketAddress("127.0.0.1", port));
        subscriber.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        subscriber.channel.configureBlocking(false);
        subscriber.connected(headers);
        subscriber.key = subscriber.channel.register(selector, SelectionKey.OP_READ, subscriber);
    }

    private void run() {
        while (!stopped) {
            try {
                selector.select(100);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                selector.selectedKeys().forEach(key -> read((Subscriber) key.attachment()));
                selector.selectedKeys().clear();
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void read(final Subscriber subscriber) {
        try {
            buffer.clear();
            final int count = subscriber.channel.read(buffer);
            if (count < 0) {
                gone(subscriber);
            } else {
                subscriber.received(buffer.flip());
            }
        } catch (final IOException e) {
            gone(subscriber);
        } catch (final ProtocolException | RuntimeException | AssertionError e) {
            subscriber.breaches.add(subscriber.path + ": " + e);
            gone(subscriber);
        }
    }

    private static void gone(final Subscriber subscriber) {
        subscriber.isGone = true;
        try {
            subscriber.channel.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
