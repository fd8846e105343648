package penstock.replay;

/**
 * The feed of the demo: 50 FX and crypto symbols, 2,000 random quotes per second, served by a real {@link FeedServer}
 * that the relay connects to as it does to any venue. There are trades and books for those who ask for them.
 *
 * <p>Owned by the thread that created it; the prices move on the server's io thread.
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

    /** Serves the demo feed on loopback; port 0 selects a free port. */
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

    /** The address of the quotes. */
    public String url() {
        return server.url("/");
    }

    /** The address of quotes, trades and books. */
    public String marketUrl() {
        return server.url(DemoScript.MARKET);
    }

    /** Quotes so far, without the initial prices that each new client receives. */
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
