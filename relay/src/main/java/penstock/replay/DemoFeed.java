package penstock.replay;

/**
 * The feed of the demo: 50 FX and crypto symbols, 2,000 made-up updates per second, served by a real {@link FeedServer}
 * that the relay connects to like to any venue.
 *
 * <p>Owned by the thread that made it; the prices move on the server's io thread.
 */
public final class DemoFeed implements AutoCloseable {
    /** Updates per second over all symbols. */
    public static final int UPDATES_PER_SECOND = 2_000;
    private static final long SEED = 20_260_101;
    private final DemoScript script;
    private final FeedServer server;

    private DemoFeed(final int port, final long seed, final int updatesPerSecond) {
        script = new DemoScript(seed, updatesPerSecond, DemoScript.wallClockOffsetUs());
        server = FeedServer.start(port, script);
    }

    /** Serves the demo feed on loopback; port 0 takes a free one. */
    public static DemoFeed start(final int port) {
        return new DemoFeed(port, SEED, UPDATES_PER_SECOND);
    }

    /** The same with prices of another seed, at another rate. */
    public static DemoFeed start(final int port, final long seed, final int updatesPerSecond) {
        return new DemoFeed(port, seed, updatesPerSecond);
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** Where to connect; any path is good. */
    public String url() {
        return server.url("/");
    }

    /** Updates made so far, without those that only show a new client where the prices are. */
    public long sentCount() {
        return script.sentCount();
    }

    /** The server, with its fault hooks. */
    public FeedServer server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
    }
}
