package penstock.client;

import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import penstock.client.SessionState.Phase;
import penstock.client.rows.RowMessage;
import penstock.client.socket.ClientPlatform;
import penstock.client.socket.SerialLane;
import penstock.client.value.RelayMessage;
import penstock.client.value.RelayMessage.Part;

/**
 * A session, over all its connections: its subscriptions and the grids that share them, the states of feeds, and when a
 * frame is shown.
 *
 * <p>Owned by the client's thread.
 */
final class ClientSession implements WireContext, GridHost, RelayLink.Events {
    private final ClientOptions options;
    private final ClientPlatform platform;
    private final SerialLane lane;
    private final RelayLink link;
    private final FeedList feeds = new FeedList();
    private final RelayMessage limits = new RelayMessage();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Runnable paintOnLane;
    private WirePool[] pools = {};
    private PriceGrid[] grids = {};
    private volatile SessionState state = new SessionState(Phase.CONNECTING, Map.of(), null, 0, null, 0);
    private long names;
    private boolean isHidden;
    private boolean isScheduled;
    private long epoch;
    private int minIntervalMs;
    private int maxIntervalMs;
    private Runnable cancelPaint = () -> { };

    ClientSession(final URI address, final ClientOptions options) {
        this.options = options;
        platform = options.platformOrDefault();
        lane = new SerialLane(options.executor());
        link = new RelayLink(address, options, platform, lane, this);
        final Runnable paint = this::paint;
        paintOnLane = () -> lane.execute(paint);
    }

    void begin() {
        link.begin();
    }

    SessionState state() {
        return state;
    }

    /** Ends when it is closed for good, and its connection, too. */
    CompletableFuture<Void> ended() {
        return ended.copy();
    }

    void close() {
        link.close().whenComplete((none, fault) -> ended.complete(null));
        stop();
        for (final PriceGrid grid : grids) {
            grid.close();
        }
    }

    private void stop() {
        cancelPaint.run();
        platform.close();
    }

    /** The user sees values, or sees them no more. */
    void hide(final boolean isNowHidden) {
        isHidden = isNowHidden;
        wake();
    }

    void wake() {
        if (!isHidden) {
            link.wake();
        }
        forEachWire(WireSubscription::retime);
    }

    void execute(final Runnable task) {
        lane.execute(task);
    }

    // ---- what the link reports

    @Override
    public void onPhase(final Phase phase, final int code, final String reason, final long retryInMs) {
        become(new SessionState(phase, feeds.states(), null, code, reason, retryInMs));
    }

    private void become(final SessionState next) {
        state = next;
        SerialLane.run(() -> options.listener().onState(next));
    }

    @Override
    public void onLost() {
        forEachWire(WireSubscription::lose);
    }

    @Override
    public void onFinal() {
        stop();
        for (final PriceGrid grid : grids) {
            grid.onRefused(RefusedException.closed());
        }
        ended.complete(null);
    }

    @Override
    public void onBadMessage() {
        forEachWire(WireSubscription::distrust);
    }

    @Override
    public void onFreshness() {
        forEachWire(wire -> wire.topics().touchAll());
    }

    @Override
    public void onMessage(final RelayMessage message) {
        if (message.is(Part.TYPE, "welcome")) {
            onWelcome(message);
        } else if (message.is(Part.TYPE, "status") && message.is(Part.SCOPE, "feed")) {
            onFeed(message);
        } else {
            for (final WirePool pool : pools) {
                for (final WireSubscription wire : pool.wires()) {
                    if (message.is(Part.SUB, wire.name())) {
                        wire.onMessage(message);
                        return;
                    }
                }
            }
        }
    }

    @Override
    public void onRows(final RowMessage message) {
        for (final WirePool pool : pools) {
            for (final WireSubscription wire : pool.wires()) {
                if (message.isNamed(wire.name())) {
                    wire.onRows(message);
                    return;
                }
            }
        }
    }

    private void onWelcome(final RelayMessage welcome) {
        limits.readInside(welcome, Part.LIMITS);
        minIntervalMs = (int) limits.number(Part.MIN_INTERVAL);
        maxIntervalMs = (int) limits.number(Part.MAX_INTERVAL);
        feeds.read(welcome.text(welcome.has(Part.FEEDS) ? Part.FEEDS : Part.FEED));
        epoch = welcome.number(Part.EPOCH);
        final long heartbeatMs = welcome.number(Part.HEARTBEAT);
        // which channels have events is known now
        for (final PriceGrid grid : grids) {
            grid.enter(false);
        }
        for (final WirePool pool : pools) {
            pool.plan();
        }
        link.onWelcome(heartbeatMs);
        // what a listener subscribes to when it hears of the session begins by that
        forEachWire(WireSubscription::begin);
        onPhase(Phase.OPEN, 0, null, 0);
    }

    /** A feed is lost, or back: what there is of a lost one is stale until its next entry. */
    private void onFeed(final RelayMessage status) {
        final String name = feeds.name(status.text(Part.FEED));
        feeds.set(name, ValueState.of(status.text(Part.STATE)));
        if (!feeds.isLive(name)) {
            forEachWire(wire -> {
                if (feeds.name(wire.terms().feed()).equals(name)) {
                    wire.topics().loseFeed();
                }
            });
        }
        become(new SessionState(state.phase(), feeds.states(), name, 0, status.text(Part.REASON), 0));
    }

    // ---- what subscriptions use

    @Override
    public boolean isOpen() {
        return link.isOpen();
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public long nowMs() {
        return platform.nowMs();
    }

    @Override
    public int intervalMs(final int wantedMs) {
        final int shownMs = isHidden ? Math.max(wantedMs, options.hiddenMs()) : wantedMs;
        return Math.min(Math.max(shownMs, minIntervalMs), maxIntervalMs);
    }

    @Override
    public boolean isFeedLive(final String feed) {
        return feeds.isLive(feed);
    }

    @Override
    public String classOf(final GridTerms terms) {
        return feeds.classOf(terms.feed(), terms.channel());
    }

    @Override
    public String nextName() {
        names++;
        return "s" + names;
    }

    @Override
    public void request(final String members, final Consumer<RelayMessage> onAnswer) {
        link.request(members, onAnswer);
    }

    @Override
    public void after(final long ms, final Runnable task) {
        link.after(ms, task);
    }

    @Override
    public void onBroken(final BrokenLedger broken) {
        SerialLane.run(() -> options.listener().onBroken(broken));
    }

    @Override
    public void onError(final RefusedException error) {
        SerialLane.run(() -> options.listener().onError(error));
    }

    // ---- what grids use

    @Override
    public WirePool poolOf(final GridTerms terms, final String alone, final WirePool before) {
        final boolean isSplit = terms.isDivisible() && !"event".equals(classOf(terms));
        for (final WirePool pool : pools) {
            // mode once shares nothing
            if (pool.isFor(terms, isSplit, alone) && (!terms.isOnce() || pool == before)) {
                return pool;
            }
        }
        final boolean goesOn = before != null && before.size() == 1 && !terms.hasPatterns() && !terms.isOnce()
            && before.isSameView(terms, isSplit);
        final WirePool pool = goesOn ? before : new WirePool(this, terms, isSplit);
        pool.setKey(terms, alone);
        if (!goesOn) {
            pools = Arrays.copyOf(pools, pools.length + 1);
            pools[pools.length - 1] = pool;
        }
        return pool;
    }

    @Override
    public void drop(final WirePool pool) {
        pools = Arrays.stream(pools).filter(each -> each != pool).toArray(WirePool[]::new);
    }

    private void forEachWire(final Consumer<WireSubscription> task) {
        for (final WirePool pool : pools) {
            for (final WireSubscription wire : pool.wires()) {
                task.accept(wire);
            }
        }
    }

    void add(final PriceGrid grid) {
        grids = Arrays.copyOf(grids, grids.length + 1);
        grids[grids.length - 1] = grid;
        grid.ask(true);
        if (link.isClosed()) {
            grid.onRefused(RefusedException.closed());
        }
    }

    @Override
    public void remove(final HeldTopic.Reader grid) {
        grids = Arrays.stream(grids).filter(each -> each != grid).toArray(PriceGrid[]::new);
    }

    @Override
    public boolean isClosed() {
        return link.isClosed();
    }

    @Override
    public void enter(final Runnable task) {
        lane.enter(task);
    }

    @Override
    public void checkThread() {
        if (!lane.isInside()) {
            throw new IllegalStateException("values are read on the client's executor: in a listener, or by execute()");
        }
    }

    @Override
    public boolean isFresh() {
        return link.isFresh();
    }

    // ---- frames

    @Override
    public void schedule() {
        if (!isScheduled) {
            isScheduled = true;
            platform.frame(paintOnLane);
        }
    }

    private void paint() {
        isScheduled = false;
        final long nowMs = platform.nowMs();
        long waitMs = PriceGrid.NEVER;
        for (final PriceGrid grid : grids) {
            waitMs = Math.min(waitMs, grid.paint(nowMs));
        }
        cancelPaint.run();
        cancelPaint = waitMs == PriceGrid.NEVER ? () -> { } : link.after(waitMs, this::schedule);
    }
}
