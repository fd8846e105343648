package penstock.system;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;
import penstock.replay.VenueScript;

/**
 * A venue that sends the same numbers in the same order to every subscriber, a number every 20 ms, and answers
 * as its file says. Called on the server's io thread; its counts may be read from any thread.
 */
final class LiveVenue implements FeedScript {
    private static final long EVERY_NS = 20_000_000;

    /** A number as the venue writes it; {@code sequence} counts what this client was sent, from 1. */
    interface TickFormat {
        String tick(int number, int sequence);
    }

    final AtomicInteger last = new AtomicInteger();
    final AtomicInteger connects = new AtomicInteger();
    volatile boolean isSending = true;
    /** Sent once, to the clients connected then. */
    volatile String notice;
    private final VenueScript answers;
    private final TickFormat format;
    private final List<FeedClient> clients = new ArrayList<>();
    private final Map<FeedClient, AtomicInteger> subscribed = new LinkedHashMap<>();
    private long nextNs;

    LiveVenue(final VenueScript answers, final TickFormat format) {
        this.answers = answers;
        this.format = format;
    }

    @Override
    public void onOpen(final FeedClient client, final long nowNs) {
        connects.incrementAndGet();
        clients.add(client);
        answers.onOpen().forEach(client::send);
    }

    @Override
    public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
        final VenueScript.Answer answer = answers.answer(buffer, offset, length);
        answer.texts().forEach(client::send);
        if (answer.starts()) {
            subscribed.putIfAbsent(client, new AtomicInteger());
        }
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        clients.remove(client);
        subscribed.remove(client);
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        if (notice != null && !clients.isEmpty()) {
            clients.forEach(client -> client.send(notice));
            notice = null;
        }
        if (!subscribed.isEmpty() && isSending && nowNs >= nextNs) {
            nextNs = nowNs + EVERY_NS;
            final int number = last.get() + 1;
            final List<FeedClient> turns = new ArrayList<>(subscribed.keySet());
            if (number % 2 == 0) {
                // now the older connection is ahead, now the newer
                Collections.reverse(turns);
            }
            turns.forEach(client -> client.send(format.tick(number, subscribed.get(client).incrementAndGet())));
            last.set(number);
        }
        return subscribed.isEmpty() ? NEVER : Math.max(nextNs, nowNs + 1);
    }
}
