package penstock.link;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import penstock.feed.report.ConnectionReport;
import penstock.feed.report.FeedReport;
import penstock.feed.tick.ConnectionState;
import penstock.feed.tick.SessionState;
import penstock.time.FeedClock;

/**
 * Where the link is, for the operator and for other threads. Owned by the feed thread; any thread may read what the
 * {@link LinkProxy} shows.
 */
public final class LinkStatus {
    private final FeedClock clock;
    private final ConnectionState state = new ConnectionState();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile SessionState shown = SessionState.CONNECTING;
    private volatile String detail = "not started";
    private volatile List<String> hops = List.of();
    private volatile int interestCount;
    private volatile long sinceUs;
    private volatile String url = "";
    private volatile long epoch;
    private volatile long lagNs;
    private volatile long heldBytes;
    /** 0 = none has come yet. */
    private volatile long lastByteNs;

    /** Of a link that has not begun. */
    public LinkStatus(final FeedClock clock) {
        this.clock = clock;
    }

    /** Moves to a state; {@code what} is the last event, for the operator. */
    public void enter(final SessionState next, final String what) {
        state.enter(next, what, clock.nowNs());
        detail = what;
        sinceUs = clock.epochUs();
        shown = next;
    }

    /** Whether all has come that was missed. */
    public boolean isLive() {
        return state.isLive();
    }

    /** How long it has been live; 0 if it is not. */
    public long liveNs() {
        return isLive() ? clock.nowNs() - state.enteredNs() : 0;
    }

    /** The address that is tried. */
    public void url(final String address) {
        url = address;
    }

    /** A byte has come. */
    public void onByte(final long nowNs) {
        lastByteNs = nowNs == 0 ? 1 : nowNs;
    }

    /** What was read at once has been handled. */
    public void follow(final LinkReplica replica) {
        epoch = replica.epoch();
        lagNs = replica.lagNs();
        heldBytes = replica.heldBytes();
    }

    /** The ids of the relays from the one with the venue's connection to the one in front. */
    public void hops(final List<String> ids) {
        hops = ids;
    }

    /** How many names have interest. */
    public void interestCount(final int names) {
        interestCount = names;
    }

    /** The feed thread has ended. Any thread, like the readings below. */
    public void onThreadEnded() {
        shown = SessionState.CLOSED;
        stopped.complete(null);
    }

    /** The link is closed for good. */
    public void onStopped() {
        enter(SessionState.CLOSED, "stopped");
        stopped.complete(null);
    }

    /** Done when the link is closed for good. Any thread. */
    public CompletableFuture<Void> stopped() {
        return stopped;
    }

    /** Where it is. */
    public SessionState state() {
        return shown;
    }

    /** The last event, for people; without secrets. */
    public String detail() {
        return detail;
    }

    List<String> hops() {
        return hops;
    }

    int interestCount() {
        return interestCount;
    }

    LinkReading reading() {
        final SessionState now = shown;
        final long byteNs = lastByteNs;
        final long silentNs = byteNs == 0 ? -1 : Math.max(0, clock.nowNs() - byteNs);
        return new LinkReading(new LinkReading.Where(now.name().toLowerCase(Locale.ROOT).replace('_', ' '),
            now == SessionState.LIVE, sinceUs, url, detail), hops, epoch, byteNs == 0 ? -1 : lagNs + silentNs, silentNs,
            heldBytes);
    }

    /** What the operator sees; on the feed thread. */
    public FeedReport report(final String url, final int channels) {
        final long nowNs = clock.nowNs();
        final ConnectionReport.Loss loss = state.lastLoss() == null ? null
            : new ConnectionReport.Loss(state.lastLoss(), (nowNs - state.lastLossNs()) / 1_000_000);
        final ConnectionReport.State where = new ConnectionReport.State(state.state().name().toLowerCase(Locale.ROOT),
            (nowNs - state.enteredNs()) / 1_000_000, state.detail());
        return new FeedReport(detail, interestCount, List.of(new ConnectionReport(0, url, where, loss, channels, 0,
            false)), Map.of(), List.of());
    }
}
