package penstock.client;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A session with a relay that comes back by itself. Newest values, books and events are asked for by {@link GridTerms}
 * and handed over on the caller's executor, one task at a time. At most one message waits while the executor reads one:
 * an executor that is slow is sent less, and counted so, by the relay.
 *
 * <p>Any thread may call it.
 */
public final class PenstockClient implements AutoCloseable {
    private static final String DEFAULT_PATH = "/v1/ws";

    private final ClientSession session;

    private PenstockClient(final URI address, final ClientOptions options) {
        session = new ClientSession(address, options);
        session.enter(session::begin);
    }

    /** Begins a session; {@code address} is a {@code ws}, {@code wss}, {@code http} or {@code https} one. */
    public static PenstockClient connect(final String address, final Executor executor) {
        return connect(address, ClientOptions.on(executor));
    }

    /** Begins a session with more options. An address without a path is completed by {@code /v1/ws}. */
    public static PenstockClient connect(final String address, final ClientOptions options) {
        return new PenstockClient(uri(address), options);
    }

    private static URI uri(final String address) {
        final URI given = URI.create(address.replaceFirst("^http", "ws"));
        if (given.getHost() == null || !"ws".equals(given.getScheme()) && !"wss".equals(given.getScheme())) {
            throw new IllegalArgumentException("expected an address such as ws://relay:8080, got one of the scheme '"
                + given.getScheme() + "' and the host '" + given.getHost() + "'");
        }
        final boolean hasPath = given.getRawPath() != null && given.getRawPath().length() > 1;
        final String query = given.getRawQuery() == null ? "" : "?" + given.getRawQuery();
        return hasPath ? given : given.resolve(DEFAULT_PATH + query);
    }

    /** Newest values of symbols: of the channel {@code quote} if the terms name none. */
    public PriceGrid quotes(final GridTerms terms, final Consumer<FrameView> frames) {
        return add(terms.orChannel("quote"), frames, null);
    }

    /** Each event in order: of the channel {@code trade} if the terms name none. */
    public PriceGrid trades(final GridTerms terms, final EventListener events) {
        return add(terms.orChannel("trade").everyUpdate(), null, events);
    }

    /** Order books: of the channel {@code book} if the terms name none. */
    public PriceGrid books(final GridTerms terms, final Consumer<FrameView> frames) {
        return add(terms.orChannel("book"), frames, null);
    }

    /** Values and entries of any channel; either listener may be null. */
    public PriceGrid open(final GridTerms terms, final Consumer<FrameView> frames, final EventListener events) {
        return add(terms, frames, events);
    }

    private PriceGrid add(final GridTerms terms, final Consumer<FrameView> frames, final EventListener events) {
        final PriceGrid grid = new PriceGrid(session, terms, frames, events);
        session.enter(() -> session.add(grid));
        return grid;
    }

    /** The state of the session now. */
    public SessionState state() {
        return session.state();
    }

    /** Runs {@code task} on the client's executor, where values may be read. */
    public void execute(final Runnable task) {
        session.execute(task);
    }

    /** The user sees nothing, as when a window is hidden, or sees it again: see {@link ClientOptions#hidden}. */
    public void hide(final boolean isHidden) {
        session.enter(() -> session.hide(isHidden));
    }

    /** The network is back, or the machine was asleep: a wait ends, and a connection is asked for a sign of life. */
    public void wake() {
        session.enter(session::wake);
    }

    /**
     * Ends when the relay or the user has closed the client for good, and its connection, too: a program that exits
     * at once waits for it, so that the relay hears of it.
     */
    public CompletableFuture<Void> ended() {
        return session.ended();
    }

    /** Ends it for good, with all grids. */
    @Override
    public void close() {
        session.enter(session::close);
    }
}
