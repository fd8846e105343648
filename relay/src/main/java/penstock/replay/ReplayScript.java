package penstock.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Plays a recording to those who have subscribed: begins with the first, pauses while there is none, goes through once (or again and
 * again), then stays silent.
 *
 * <p>Owned by the server's io thread; the count and the outcome may be read from any.
 */
final class ReplayScript implements FeedScript {
    private enum State { WAITING, PLAYING, PAUSED, ENDED }

    private static final int INTERNAL_ERROR = 1011;
    private final Recording recording;
    private final VenueScript venue;
    private final Pace pace;
    private final boolean isLooping;
    private final List<FeedClient> clients = new ArrayList<>();
    private final List<FeedClient> subscribed = new ArrayList<>();
    private final AtomicLong sentCount = new AtomicLong();
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();
    private State state = State.WAITING;
    private boolean hasMessage;

    ReplayScript(final Recording recording, final VenueScript venue, final Speed speed, final boolean isLooping) {
        this.recording = recording;
        this.venue = venue;
        this.isLooping = isLooping;
        pace = new Pace(speed);
    }

    /** Messages of the recording sent so far, all rounds together. */
    long sentCount() {
        return sentCount.get();
    }

    /** Completes when all has been sent and handed to the sockets; exceptionally when the recording cannot be read. */
    CompletableFuture<Void> outcome() {
        return outcome;
    }

    @Override
    public void onOpen(final FeedClient client, final long nowNs) {
        clients.add(client);
        venue.onOpen().forEach(client::send);
        if (venue.startsOnPath(client.path())) {
            subscribed.add(client);
        }
    }

    @Override
    public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
        final VenueScript.Answer answer = venue.answer(buffer, offset, length);
        answer.texts().forEach(client::send);
        if (answer.starts() && !subscribed.contains(client)) {
            subscribed.add(client);
        }
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        clients.remove(client);
        subscribed.remove(client);
        if (subscribed.isEmpty() && state == State.PLAYING) {
            state = State.PAUSED;
            pace.pause(nowNs);
        }
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        if (subscribed.isEmpty() || state == State.ENDED) {
            return NEVER;
        }
        if (state == State.PAUSED) {
            state = State.PLAYING;
            pace.resume(nowNs);
        }
        try {
            return play(nowNs, outlet);
        } catch (final RecordingException e) {
            state = State.ENDED;
            for (int i = clients.size() - 1; i >= 0; i--) {
                clients.get(i).close(INTERNAL_ERROR, "recording cannot be read");
            }
            outcome.completeExceptionally(e);
            return NEVER;
        }
    }

    private long play(final long nowNs, final Outlet outlet) {
        while (outlet.hasRoom()) {
            if (!hasMessage && !read(nowNs)) {
                return end(nowNs, outlet);
            }
            final long dueNs = pace.dueNs(recordedNs());
            if (dueNs > nowNs) {
                return dueNs;
            }
            for (int i = 0; i < subscribed.size(); i++) {
                subscribed.get(i).send(recording.buffer(), recording.offset(), recording.length());
            }
            hasMessage = false;
            sentCount.lazySet(sentCount.get() + 1);
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

    /** The last messages may still wait for a socket: asks for turns until they are out. */
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
        return recording.isTimed() ? recording.receivedNs() : recording.number() * Pace.EVEN_NS;
    }
}
