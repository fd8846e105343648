package penstock.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import penstock.recording.Recording;
import penstock.recording.RecordingException;

/**
 * Plays a recording to the subscribed clients: starts with the first, pauses while there is none, plays once (or in a
 * loop), then stays silent.
 *
 * <p>Owned by the server's io thread; any thread may read the count and the outcome.
 */
final class ReplayScript implements FeedScript {
    private enum State { WAITING, PLAYING, PAUSED, ENDED }

    private static final int INTERNAL_ERROR = 1011;
    /** How often a recording is looked at that is written: its writer lets readers see more once a second. */
    private static final long LOOK_NS = 100_000_000;
    private final Recording recording;
    private final VenueScript venue;
    private final ReplayPace pace;
    private final boolean isLooping;
    /** Null if the messages are due by the pace. */
    private final ReplayLag lag;
    private final LongSupplier clockNs;
    private final List<ReplayClient> clients = new ArrayList<>();
    private final AtomicLong sentCount = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();
    private State state = State.WAITING;
    private boolean hasMessage;
    private long pingsNs = NEVER;

    ReplayScript(final Recording recording, final VenueScript venue, final ReplaySpeed speed, final boolean isLooping) {
        this(recording, venue, speed, isLooping, null, System::nanoTime);
    }

    /** Uses another clock, the one of {@code nowNs}; with {@code lag} its messages are due by that, not by a speed. */
    ReplayScript(final Recording recording, final VenueScript venue, final ReplaySpeed speed, final boolean isLooping,
            final ReplayLag lag, final LongSupplier clockNs) {
        this.lag = lag;
        this.clockNs = clockNs;
        this.recording = recording;
        this.venue = venue;
        this.isLooping = isLooping;
        pace = new ReplayPace(speed);
    }

    /** Bytes of the recording's messages sent so far, with their line ends; all rounds together. */
    long sentBytes() {
        return sentBytes.get();
    }

    /** Messages of the recording sent so far, all rounds together. */
    long sentCount() {
        return sentCount.get();
    }

    /** Completes when the sockets have accepted all messages; exceptionally if the recording cannot be read. */
    CompletableFuture<Void> outcome() {
        return outcome;
    }

    @Override
    public void onOpen(final FeedClient client, final long nowNs) {
        clients.add(new ReplayClient(client, venue, nowNs));
    }

    @Override
    public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
        find(client).onText(buffer, offset, length, clockNs.getAsLong());
    }

    @Override
    public void onLife(final FeedClient client, final boolean isPong) {
        find(client).onLife(isPong, clockNs.getAsLong());
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        clients.remove(find(client));
        pauseIfUnsubscribed(nowNs);
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        pingsNs = NEVER;
        for (int i = 0; i < clients.size(); i++) {
            pingsNs = Math.min(pingsNs, clients.get(i).onTurn(nowNs));
        }
        pauseIfUnsubscribed(nowNs);
        if (!isSubscribed() || state == State.ENDED) {
            return pingsNs;
        }
        if (state == State.PAUSED) {
            state = State.PLAYING;
            pace.resume(nowNs);
        }
        try {
            return Math.min(play(nowNs, outlet), pingsNs);
        } catch (final RecordingException e) {
            state = State.ENDED;
            for (int i = clients.size() - 1; i >= 0; i--) {
                clients.get(i).client.close(INTERNAL_ERROR, "recording cannot be read");
            }
            outcome.completeExceptionally(e);
            return NEVER;
        }
    }

    /** A client without room must still be disconnected if it does not answer pings. */
    @Override
    public long dueNs() {
        return pingsNs;
    }

    private ReplayClient find(final FeedClient client) {
        for (final ReplayClient each : clients) {
            if (each.client == client) {
                return each;
            }
        }
        throw new IllegalStateException("unknown client");
    }

    private boolean isSubscribed() {
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i).isSubscribed()) {
                return true;
            }
        }
        return false;
    }

    private void pauseIfUnsubscribed(final long nowNs) {
        if (state == State.PLAYING && !isSubscribed()) {
            state = State.PAUSED;
            pace.pause(nowNs);
        }
    }

    /** Sends the message to all subscribed clients; packs it once for all of them. */
    private void sendMessage() {
        final byte[] packed = recording.isPacked() ? Arrays.copyOfRange(recording.buffer(), recording.offset(),
            recording.offset() + recording.length())
            : venue.packed(recording.buffer(), recording.offset(), recording.length());
        for (int i = 0; i < clients.size(); i++) {
            final ReplayClient each = clients.get(i);
            if (each.isSubscribed() && packed == null) {
                each.client.send(recording.buffer(), recording.offset(), recording.length());
            } else if (each.isSubscribed()) {
                each.client.sendBinary(packed, 0, packed.length);
            }
        }
    }

    private long play(final long nowNs, final Outlet outlet) {
        while (outlet.hasRoom()) {
            if (!hasMessage && !read(nowNs)) {
                return recording.isGrowing() ? nowNs + LOOK_NS : end(nowNs, outlet);
            }
            final long dueNs = lag == null ? pace.dueNs(recordedNs()) : lag.dueNs(nowNs);
            if (dueNs > nowNs) {
                return dueNs;
            }
            hasMessage = false;
            if (recording.isBreak()) {
                // as at the venue: each client loses its connection, and comes back for what follows
                clients.forEach(ReplayClient::restart);
                pauseIfUnsubscribed(nowNs);
                return pingsNs;
            }
            sendMessage();
            sentCount.lazySet(sentCount.get() + 1);
            sentBytes.lazySet(sentBytes.get() + recording.length() + 1);
        }
        return nowNs;
    }

    private boolean read(final long nowNs) {
        hasMessage = recording.next();
        if (!hasMessage && isLooping && recording.number() > 0) {
            recording.rewind();
            hasMessage = recording.next();
            state = State.WAITING;
        }
        if (hasMessage && state == State.WAITING) {
            state = State.PLAYING;
            pace.start(recordedNs(), nowNs);
        }
        return hasMessage;
    }

    /** The last messages may still be pending: asks for turns until the sockets have accepted them. */
    private long end(final long nowNs, final Outlet outlet) {
        if (!outlet.isDrained()) {
            return nowNs;
        }
        state = State.ENDED;
        recording.close();
        outcome.complete(null);
        return NEVER;
    }

    private long recordedNs() {
        return recording.isTimed() ? recording.receivedNs() : recording.number() * ReplayPace.EVEN_NS;
    }
}
